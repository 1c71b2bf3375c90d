import { describe, expect, test } from "vitest";
import { logRecordsOf } from "../../../shared/otlp/export-request.ts";
import { readClaudeCodeEvent } from "../../../shared/usage/claude-code-events.ts";
import { usageFromLitellm } from "../../../shared/usage/litellm.ts";
import { aLitellmPayload } from "../../support/litellm-payloads.ts";
import { apiRequestAttributes, logRecordJson, logsBody } from "../../support/otlp-bodies.ts";

const CLAUDE_SESSION = "9d0bbe99-d739-49a1-8651-3907cc2ba04b";

function read(overrides: Parameters<typeof aLitellmPayload>[0]) {
  const [event] = usageFromLitellm([{ kind: "value", value: aLitellmPayload(overrides) }], {
    nowMs: Date.UTC(2026, 10, 22),
    maySend: () => true,
  }).accepted;
  return event;
}

function withHeaders(headers: Readonly<Record<string, string>>) {
  return { hidden_params: { additional_headers: headers } };
}

describe("the identity of a call", () => {
  test("is the provider's request id where the payload has it, as in Claude Code's telemetry", () => {
    const [fromTelemetry] = logRecordsOf(
      logsBody([logRecordJson(apiRequestAttributes({ request_id: "req_018a" }))]),
    ).map(readClaudeCodeEvent);
    const fromGateway = read(withHeaders({ "llm_provider-request-id": "req_018a" }));

    expect(fromTelemetry).toMatchObject({ event: { id: fromGateway?.id } });
  });

  test.each([
    ["openai", "llm_provider-x-request-id", "openai:r1"],
    ["bedrock", "llm_provider-x-amzn-requestid", "aws:r1"],
    ["azure", "llm_provider-apim-request-id", "azure:r1"],
  ])("of %s is in the header %s", (custom_llm_provider, header, id) => {
    expect(read({ custom_llm_provider, ...withHeaders({ [header]: "r1" }) })?.id).toBe(id);
  });

  test.each([
    ["the response's id", { id: "msg_01" }, "anthropic:msg_01"],
    ["LiteLLM's own, if the response has none", { id: "None" }, "anthropic:chatcmpl-0b6f0c1e-1"],
    ["LiteLLM's own, if it is too long", { id: "x".repeat(300) }, "anthropic:chatcmpl-0b6f0c1e-1"],
  ])("is else %s", (_, overrides, id) => {
    expect(read(overrides)?.id).toBe(id);
  });
});

describe("the user of a call", () => {
  const nobody = {
    user_api_key_user_email: null,
    user_api_key_user_id: null,
    user_api_key_end_user_id: null,
  };

  test.each([
    [
      "the key owner's e-mail address, which telemetry and the directory know too",
      { user_api_key_user_email: "User-017@Example.com", user_api_key_user_id: "u-17" },
      "customer-3",
      "user-017@example.com",
    ],
    ["the owner's id", { user_api_key_user_id: "u-17" }, "customer-3", "litellm:u-17"],
    [
      "the owner's id, if it is an address",
      { user_api_key_user_id: "user-017@example.com" },
      "",
      "user-017@example.com",
    ],
    ["the end user of the key", { user_api_key_end_user_id: "e-3" }, "e-4", "litellm:e-3"],
    ["the end user of the request", {}, "customer-3", "litellm:customer-3"],
    [
      "not LiteLLM's stand-in for nobody",
      { user_api_key_user_id: "default_user_id" },
      "customer-3",
      "litellm:customer-3",
    ],
    ["nobody, if nobody is named", {}, "", undefined],
    [
      "nobody, rather than another one in each session, as Claude Code writes it",
      {},
      `user_0f3a_account__session_${CLAUDE_SESSION}`,
      undefined,
    ],
    [
      "nobody, rather than another one in each session, as newer Claude Code writes it",
      {},
      JSON.stringify({ device_id: "0f3a", account_uuid: "", session_id: CLAUDE_SESSION }),
      undefined,
    ],
  ])("is %s", (_, metadata, end_user, expected) => {
    expect(read({ metadata: { ...nobody, ...metadata }, end_user })?.subject).toBe(expected);
  });
});

describe("the session of a call", () => {
  test.each([
    [
      "Claude Code's header",
      {
        metadata: { requester_custom_headers: { "x-claude-code-session-id": CLAUDE_SESSION } },
        trace_id: "t-1",
      },
      CLAUDE_SESSION,
    ],
    [
      "Claude Code's user text, if the headers are not passed on",
      { end_user: `user_0f3a_account__session_${CLAUDE_SESSION}`, trace_id: "t-1" },
      CLAUDE_SESSION,
    ],
    ["LiteLLM's trace", { trace_id: "t-1" }, "t-1"],
    ["none, if the trace is the call", { trace_id: "chatcmpl-0b6f0c1e-1" }, "-"],
    ["none, if nothing says one", { trace_id: null }, "-"],
  ])("is %s", (_, overrides, session) => {
    expect(read(overrides)?.session).toBe(session);
  });

  test("keeps the sub-agents of Claude Code apart", () => {
    const headers = { "x-claude-code-agent-id": "explore-2" };

    expect(read({ metadata: { requester_custom_headers: headers } })?.agent).toBe("explore-2");
  });
});
