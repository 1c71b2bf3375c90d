import { createHmac } from "node:crypto";
import { gzipSync } from "node:zlib";
import { EXPORT_LOGS_SERVICE_REQUEST } from "../../shared/otlp/protobuf-schema.ts";
import { FUZZ_OUTCOMES, FUZZ_USAGE } from "../fuzz/hand-written-seeds.ts";
import { encodeProtobuf } from "../support/protobuf-encode.ts";
import { fixture, type RunningStack } from "../support/running-stack.ts";
import type { Canaries } from "./canaries.ts";

/** A request with canaries wherever a sender may put what is not ours to keep. */
export type CanaryRequest = {
  readonly path: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
};

export type CanarySender = {
  readonly name: string;
  readonly request: (canaries: Canaries, stack: RunningStack) => Promise<CanaryRequest>;
};

const JSON_HEADERS = { "content-type": "application/json" };

function otlp(
  name: string,
  path: "/v1/logs" | "/v1/metrics" | "/v1/traces",
  file: string,
): CanarySender {
  return {
    name,
    request: async (canaries) => ({
      path,
      body: jsonOf(canaries.inOtlp(JSON.parse(fixture(file).toString()))),
      headers: JSON_HEADERS,
    }),
  };
}

function otlpProtobuf(name: string, file: string): CanarySender {
  return {
    name,
    request: async (canaries) => {
      const request = canaries.inOtlp(JSON.parse(fixture(file).toString()));
      return {
        path: "/v1/logs",
        body: gzipSync(encodeProtobuf(request, EXPORT_LOGS_SERVICE_REQUEST)),
        headers: { "content-type": "application/x-protobuf", "content-encoding": "gzip" },
      };
    },
  };
}

/** A payload of which only named fields are read: canaries in every other place. */
function payload(name: string, path: string, file: string): CanarySender {
  return {
    name,
    request: async (canaries) => ({
      path,
      body: jsonOf(canaries.inPayload(JSON.parse(fixture(file).toString()))),
      headers: JSON_HEADERS,
    }),
  };
}

/** Our own formats take known fields only: the person is the one thing in them that is not kept as it is. */
function ownFormat(name: string, path: string, items: readonly object[]): CanarySender {
  return {
    name,
    request: async (canaries) => ({
      path,
      body: jsonOf(items.map((item) => ({ ...item, user: canaries.email() }))),
      headers: JSON_HEADERS,
    }),
  };
}

/** What they call a field, and a person's or a prompt's words in its place: refused, and not repeated. */
function unknownFields(name: string, path: string, items: readonly object[]): CanarySender {
  return {
    name,
    request: async (canaries) => ({
      path,
      body: jsonOf(
        items.map((item) => ({
          ...item,
          user: canaries.email(),
          prompt: canaries.text("prompt"),
          [`my ${canaries.text("key")}`]: 1,
          model: { name: canaries.text("nested") },
        })),
      ),
      headers: JSON_HEADERS,
    }),
  };
}

function webhook(
  name: string,
  path: string,
  file: string,
  headers: (body: Buffer, secretOf: RunningStack["secret"]) => Promise<Record<string, string>>,
): CanarySender {
  return {
    name,
    request: async (canaries, stack) => {
      const body = jsonOf(canaries.inPayload(JSON.parse(fixture(file).toString())));
      return { path, body, headers: { ...JSON_HEADERS, ...(await headers(body, stack.secret)) } };
    },
  };
}

function hubSignature(secret: string, body: Buffer): string {
  return `sha256=${createHmac("sha256", secret.trim()).update(body).digest("hex")}`;
}

function github(event: string, file: string): CanarySender {
  return webhook(`GitHub ${event}`, "/webhooks/github", file, async (body, secretOf) => ({
    "x-github-event": event,
    "x-github-delivery": "13792a34-cac6-4fda-95a8-c58e00a3954e",
    "x-hub-signature-256": hubSignature(await secretOf("GithubWebhookSecretArn"), body),
  }));
}

/** Everyone who sends to the API. A new sender is a line here. */
export const CANARY_SENDERS: readonly CanarySender[] = [
  otlp("Claude Code logs", "/v1/logs", "claude-code-otel/session.logs-1.json"),
  otlp("Claude Code logs with tools", "/v1/logs", "claude-code-otel/pr-create.logs-1.json"),
  otlp("Claude Code metrics", "/v1/metrics", "claude-code-otel/session.metrics-1.json"),
  otlpProtobuf("Claude Code logs in Protocol Buffers", "claude-code-otel/session.logs-2.json"),
  otlp("Codex logs", "/v1/logs", "codex/logs.json"),
  otlp("Codex metrics", "/v1/metrics", "codex/metrics-delta-histogram.json"),
  otlp("Cursor logs", "/v1/logs", "cursor/otel.logs.json"),
  otlp("Gemini CLI logs", "/v1/logs", "gemini-cli/logs.json"),
  otlp("GenAI logs", "/v1/logs", "otel-genai/inference-details.logs.json"),
  otlp("GenAI metrics", "/v1/metrics", "otel-genai/token-usage.metrics.json"),
  otlp("GenAI traces", "/v1/traces", "otel-genai/agent-run.traces.json"),
  otlp("Kiro metrics", "/v1/metrics", "kiro/daily.metrics.json"),
  payload("CDEvents", "/v1/cdevents", "cdevents/service.deployed.structured.json"),
  payload("DevLake", "/plugins/webhook/connections/1/deployments", "devlake/deployment.json"),
  payload("LiteLLM array", "/v1/litellm", "litellm/generic-api.json-array.json"),
  payload("LiteLLM single", "/v1/litellm", "litellm/generic-api.single.json"),
  ownFormat("usage", "/v1/usage", FUZZ_USAGE),
  unknownFields("usage with unknown fields", "/v1/usage", FUZZ_USAGE),
  ownFormat("outcomes", "/v1/outcomes", FUZZ_OUTCOMES),
  unknownFields("outcomes with unknown fields", "/v1/outcomes", FUZZ_OUTCOMES),
  github("pull_request", "github/pull_request.closed-merged.json"),
  github("push", "github/push.main-with-revert.json"),
  github("deployment_status", "github/deployment_status.success.json"),
  webhook("GitLab", "/webhooks/gitlab", "gitlab/merge_request.merge.json", async (_, secretOf) => ({
    "x-gitlab-event": "Merge Request Hook",
    "x-gitlab-token": (await secretOf("GitlabWebhookSecretArn")).trim(),
  })),
  webhook("GitLab push", "/webhooks/gitlab", "gitlab/push.merge.json", async (_, secretOf) => ({
    "x-gitlab-event": "Push Hook",
    "x-gitlab-token": (await secretOf("GitlabWebhookSecretArn")).trim(),
  })),
  webhook("Jira", "/webhooks/jira", "jira/issue_updated.done.json", async (body, secretOf) => ({
    "x-hub-signature": hubSignature(await secretOf("JiraWebhookSecretArn"), body),
  })),
];

function jsonOf(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
