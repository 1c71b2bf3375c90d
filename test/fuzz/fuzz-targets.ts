import { ANSWERS } from "../../shared/alerts/alert-answer.ts";
import type { SourceName } from "../../shared/collect/collector-settings.ts";
import {
  EXPORT_LOGS_SERVICE_REQUEST,
  EXPORT_METRICS_SERVICE_REQUEST,
  EXPORT_TRACE_SERVICE_REQUEST,
} from "../../shared/otlp/protobuf-schema.ts";
import { fixtureBodies, fixtureBytes } from "../support/otlp-bodies.ts";
import { answerDoor } from "./answer-door.ts";
import { collectorDoor } from "./collector-door.ts";
import { deploymentDoor } from "./deployment-door.ts";
import { dropDoor } from "./drop-door.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import {
  AWS_ANSWER,
  FUZZ_DELIVERIES,
  FUZZ_DIRECTORY,
  FUZZ_INVOICE,
  FUZZ_OUTCOMES,
  FUZZ_USAGE,
} from "./hand-written-seeds.ts";
import { outcomeDoor } from "./outcome-door.ts";
import { redeliveryDoor } from "./redelivery-door.ts";
import {
  csvSeed,
  csvSeeds,
  formSeed,
  jsonSeed,
  jsonSeeds,
  ndjsonSeed,
  ndjsonSeeds,
  protobufSeeds,
  protobufSeedsOfJson,
} from "./seeds.ts";
import { usageDoor } from "./usage-door.ts";
import {
  GITHUB,
  GITLAB_SIGNATURE,
  GITLAB_TOKEN,
  headersOf,
  JIRA,
  type WebhookSender,
} from "./webhook-senders.ts";

const JSON_TYPE = "application/json";
const PROTOBUF_TYPE = "application/x-protobuf";

const LOGS = [
  "claude-code-otel/session.logs-1.json",
  "claude-code-otel/pr-create.logs-1.json",
  "codex/logs.json",
  "cursor/otel.logs.json",
  "gemini-cli/logs.json",
  "otel-genai/inference-details.logs.json",
];
const METRICS = [
  "claude-code-otel/session.metrics-1.json",
  "codex/metrics-delta-histogram.json",
  "cursor/otel.metrics.json",
  "otel-genai/token-usage.metrics.json",
  "kiro/daily.metrics.json",
];
const TRACES = ["otel-genai/agent-run.traces.json"];
const WEBHOOKS: readonly (readonly [WebhookSender, event: string, fixture: string])[] = [
  [GITHUB, "pull_request", "github/pull_request.closed-merged"],
  [GITHUB, "pull_request", "github/pull_request.closed-merged-revert"],
  [GITHUB, "push", "github/push.main-with-revert"],
  [GITHUB, "deployment_status", "github/deployment_status.success"],
  [GITLAB_TOKEN, "Merge Request Hook", "gitlab/merge_request.merge"],
  [GITLAB_SIGNATURE, "Deployment Hook", "gitlab/deployment.success"],
  [GITLAB_TOKEN, "Push Hook", "gitlab/push.merge"],
  [JIRA, "", "jira/issue_updated.done"],
];

const TRANSCRIPTS = "claude-transcripts/projects/-home-dev-acme-web";

const AWS_EVENTS = [
  ["codepipeline", "aws-events/codepipeline.action-deploy-succeeded.json"],
  ["codedeploy", "aws-events/codedeploy.success.json"],
] as const;

type Report = readonly [{ readonly source: SourceName; readonly [name: string]: unknown }, string];
const REPORTS: readonly Report[] = [
  [{ source: "anthropic-claude-code" }, "anthropic-admin/usage_report.claude_code.json"],
  [{ source: "anthropic-messages" }, "anthropic-admin/usage_report.messages.json"],
  [{ source: "anthropic-costs" }, "anthropic-admin/cost_report.json"],
  [{ source: "anthropic-analytics" }, "anthropic-admin/analytics.cost.json"],
  [{ source: "openai-usage" }, "openai-admin/usage.completions.json"],
  [{ source: "openai-costs" }, "openai-admin/costs.json"],
  [
    { source: "copilot-billing", organization: "acme" },
    "github-copilot/premium_request.usage.json",
  ],
  [{ source: "cursor-events", grain: "request" }, "cursor/admin.filtered-usage-events.json"],
];

const COPILOT_USERS = { source: "copilot-users", organization: "acme", since: "2026-11-20" };
/** The report of users is a page of links, to files of one line a person, whose bills are pages of their own. */
const COPILOT_PAGES = {
  report: JSON.stringify({ download_links: ["https://copilot-reports.example/part-0.json"] }),
  file: fixtureText("github-copilot/users-1-day.part-0.ndjson"),
};

/** Every parser that reads what others send. A new one is an entry here. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [
  {
    name: "otlp-logs-json",
    seeds: () => [
      ...jsonSeeds(...LOGS),
      ...ndjsonSeeds("claude-code-otel/tool-details.logs.jsonl"),
    ],
    open: () => usageDoor({ routeKey: "POST /v1/logs", contentType: JSON_TYPE }),
  },
  {
    name: "otlp-metrics-json",
    seeds: () => jsonSeeds(...METRICS),
    open: () => usageDoor({ routeKey: "POST /v1/metrics", contentType: JSON_TYPE }),
  },
  {
    name: "otlp-logs-protobuf",
    seeds: () => [
      ...protobufSeeds("claude-code-otel/protobuf.logs.bin"),
      ...protobufSeedsOfJson(EXPORT_LOGS_SERVICE_REQUEST, ...LOGS),
    ],
    open: () => usageDoor({ routeKey: "POST /v1/logs", contentType: PROTOBUF_TYPE }),
  },
  {
    name: "otlp-metrics-protobuf",
    seeds: () => [
      ...protobufSeeds("claude-code-otel/protobuf.metrics.bin"),
      ...protobufSeedsOfJson(EXPORT_METRICS_SERVICE_REQUEST, ...METRICS),
    ],
    open: () => usageDoor({ routeKey: "POST /v1/metrics", contentType: PROTOBUF_TYPE }),
  },
  {
    name: "otlp-traces-json",
    seeds: () => jsonSeeds(...TRACES),
    open: () => usageDoor({ routeKey: "POST /v1/traces", contentType: JSON_TYPE }),
  },
  {
    name: "otlp-traces-protobuf",
    seeds: () => protobufSeedsOfJson(EXPORT_TRACE_SERVICE_REQUEST, ...TRACES),
    open: () => usageDoor({ routeKey: "POST /v1/traces", contentType: PROTOBUF_TYPE }),
  },
  {
    name: "usage",
    seeds: () => [jsonSeed("array", FUZZ_USAGE), ndjsonSeed("lines", FUZZ_USAGE)],
    open: () => usageDoor({ routeKey: "POST /v1/usage", contentType: JSON_TYPE }),
  },
  {
    name: "litellm",
    seeds: () =>
      jsonSeeds("litellm/generic-api.json-array.json", "litellm/generic-api.single.json"),
    open: () => usageDoor({ routeKey: "POST /v1/litellm", contentType: JSON_TYPE }),
  },
  {
    name: "outcomes",
    seeds: () => [jsonSeed("array", FUZZ_OUTCOMES), ndjsonSeed("lines", FUZZ_OUTCOMES)],
    open: () => outcomeDoor({ routeKey: "POST /v1/outcomes", contentType: JSON_TYPE }),
  },
  {
    name: "cdevents",
    seeds: () =>
      jsonSeeds(
        "cdevents/change.merged.json",
        "cdevents/incident.reported.json",
        "cdevents/service.deployed.structured.json",
      ),
    open: () => outcomeDoor({ routeKey: "POST /v1/cdevents", contentType: JSON_TYPE }),
  },
  {
    name: "devlake",
    seeds: () => jsonSeeds("devlake/deployment.json"),
    open: () =>
      outcomeDoor({
        routeKey: "POST /plugins/webhook/connections/{connectionId}/deployments",
        contentType: JSON_TYPE,
        pathParameters: { connectionId: "1" },
      }),
  },
  ...WEBHOOKS.map(
    ([sender, event, fixture]): FuzzTarget => ({
      name: fixture,
      seeds: () => jsonSeeds(`${fixture}.json`),
      open: () =>
        outcomeDoor({
          routeKey: sender.routeKey,
          contentType: JSON_TYPE,
          headersOf: headersOf(sender, event),
          authorizer: undefined,
        }),
    }),
  ),
  {
    name: "alert-answer",
    seeds: () => ANSWERS.map((answer) => formSeed(answer, `answer=${answer}`)),
    open: answerDoor,
  },
  {
    name: "directory-csv",
    seeds: () => [csvSeed("directory", FUZZ_DIRECTORY)],
    open: () => dropDoor("directory/directory.csv"),
  },
  {
    name: "invoice-csv",
    seeds: () => [csvSeed("invoice", FUZZ_INVOICE)],
    open: () => dropDoor("invoices/2026-10.csv"),
  },
  {
    name: "kiro-csv",
    seeds: () =>
      csvSeeds(
        "kiro/KIRO_CLI_123456789012_user_report_202611200000.csv",
        "kiro/KIRO_IDE_123456789012_user_report_202611200000.csv",
      ),
    open: () => dropDoor("kiro/KIRO_CLI_123456789012_user_report_202611200000.csv"),
  },
  {
    name: "litellm-spend-logs",
    seeds: () => [ndjsonSeed("rows", spendLogs())],
    open: () => dropDoor("litellm/spend-logs.jsonl"),
  },
  {
    name: "bedrock-log",
    seeds: () => ndjsonSeeds("bedrock/invocation-log.jsonl"),
    open: () => dropDoor("bedrock/AWSLogs/123456789012/20261121T222500000Z.json.gz"),
  },
  {
    name: "claude-code-transcript",
    seeds: () => ndjsonSeeds(`${TRANSCRIPTS}/9d0bbe99-d739-49a1-8651-3907cc2ba04b.jsonl`),
    open: () =>
      dropDoor(
        "claude-code/user-017@example.com/projects/web/9d0bbe99-d739-49a1-8651-3907cc2ba04b.jsonl",
      ),
  },
  {
    name: "codex-rollout",
    seeds: () => ndjsonSeeds("codex/rollout.jsonl"),
    open: () =>
      dropDoor(
        "codex/user-017@example.com/sessions/rollout-2026-11-21T22-02-40-0199a213-81c0-7800-8aa1-bbab2a035a53.jsonl",
      ),
  },
  ...REPORTS.map(
    ([settings, ...fixtures]): FuzzTarget => ({
      name: `report-${settings.source}`,
      seeds: () => jsonSeeds(...fixtures),
      open: () => collectorDoor(settings),
    }),
  ),
  {
    name: "report-copilot-users",
    seeds: () => jsonSeeds("github-copilot/users-1-day.response.json"),
    open: () => collectorDoor(COPILOT_USERS, { "/part-": COPILOT_PAGES.file }),
  },
  {
    name: "report-copilot-users-file",
    seeds: () => ndjsonSeeds("github-copilot/users-1-day.part-0.ndjson"),
    open: () => collectorDoor(COPILOT_USERS, { "/users-1-day": COPILOT_PAGES.report }),
  },
  {
    name: "report-copilot-users-bill",
    seeds: () => jsonSeeds("github-copilot/premium_request.usage.json"),
    open: () =>
      collectorDoor(
        { ...COPILOT_USERS, billing: true },
        { "/users-1-day": COPILOT_PAGES.report, "/part-": COPILOT_PAGES.file },
      ),
  },
  ...AWS_EVENTS.map(
    ([name, fixture]): FuzzTarget => ({
      name,
      seeds: () => jsonSeeds(fixture),
      open: () => deploymentDoor({ answer: JSON.stringify(AWS_ANSWER) }),
    }),
  ),
  ...AWS_EVENTS.map(
    ([name, fixture]): FuzzTarget => ({
      name: `${name}-answer`,
      seeds: () => [jsonSeed("answer", AWS_ANSWER)],
      open: () => deploymentDoor({ event: fixtureText(fixture) }),
    }),
  ),
  {
    name: "github-deliveries",
    seeds: () => [jsonSeed("deliveries", FUZZ_DELIVERIES)],
    open: redeliveryDoor,
  },
];

function fixtureText(path: string): string {
  return Buffer.from(fixtureBytes(path)).toString("utf8");
}

/** The rows of an export: one a line, as people write them to a file. */
function spendLogs(): readonly unknown[] {
  return fixtureBodies("litellm/spend-logs.rows.json").flat();
}
