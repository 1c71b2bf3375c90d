import { describe, expect, test } from "vitest";
import { nanoUsdFromDecimal } from "../../../shared/money/nano-usd.ts";
import { logRecordsOf } from "../../../shared/otlp/export-request.ts";
import { readClaudeCodeEvent } from "../../../shared/usage/claude-code-events.ts";
import type { Reading } from "../../../shared/usage/reading.ts";
import type { SentUsage } from "../../../shared/usage/usage-event.ts";
import {
  apiRequestAttributes,
  CALL_TIME_MS,
  logRecordJson,
  logsBody,
} from "../../support/otlp-bodies.ts";

type Overrides = Parameters<typeof apiRequestAttributes>[0];

function readings(body: unknown): readonly Reading[] {
  return logRecordsOf(body).map(readClaudeCodeEvent);
}

function readCall(overrides: Overrides = {}, fields = {}, resource = {}): Reading {
  const record = logRecordJson(apiRequestAttributes(overrides), fields);
  const [reading] = readings(logsBody([record], { resource }));
  if (reading === undefined) {
    throw new Error("the body holds one record");
  }
  return reading;
}

function acceptedCall(overrides: Overrides = {}, fields = {}, resource = {}): SentUsage {
  const reading = readCall(overrides, fields, resource);
  if (reading.kind !== "accepted") {
    throw new Error(`expected an accepted call, got ${JSON.stringify(reading)}`);
  }
  return reading.event;
}

describe("readClaudeCodeEvent: api_request", () => {
  test.each([
    ["fast", "fast"],
    ["normal", undefined],
    [undefined, undefined],
  ])("speed %s is the price tier %s: fast mode has no list price", (speed, tier) => {
    expect(acceptedCall({ speed }).tier).toBe(tier);
  });

  test("is one model call, whole", () => {
    expect(acceptedCall({ agent_id: "explore-2" })).toEqual({
      id: "anthropic:req_011CA1ex0000000001",
      grain: "request",
      timeMs: CALL_TIME_MS,
      subject: "user-017@example.com",
      session: "9d0bbe99-d739-49a1-8651-3907cc2ba04b",
      agent: "explore-2",
      tool: "claude-code",
      provider: "anthropic",
      model: "claude-sonnet-4-5",
      tokens: {
        uncachedInput: 123,
        cacheRead: 20_000,
        cacheWrite5m: 1000,
        cacheWrite1h: 0,
        output: 456,
        reasoning: 0,
      },
      reportedCostNanoUsd: nanoUsdFromDecimal("0.016959"),
    });
  });

  test.each([
    ["fast", "fast"],
    ["normal", undefined],
    [undefined, undefined],
  ])("at speed %s has the price tier %s", (speed, tier) => {
    expect(acceptedCall({ speed }).tier).toBe(tier);
  });

  test.each([
    ["the login", {}, "user-017@example.com"],
    ["the login in lower case", { "user.email": "User-017@Example.com" }, "user-017@example.com"],
    ["the deployment's name", { "user.email": undefined, "enduser.id": "user-017" }, "user-017"],
    [
      "the account",
      { "user.email": undefined, "user.account_uuid": "a1", "user.id": "f0" },
      "claude-code:a1",
    ],
    [
      "the account id",
      { "user.email": undefined, "user.account_id": "user_01", "user.id": "f0" },
      "claude-code:user_01",
    ],
    ["the installation", { "user.email": undefined, "user.id": "f0" }, "claude-code:f0"],
    [
      "an id that is an address",
      { "user.email": undefined, "user.id": "User-017@example.com" },
      "user-017@example.com",
    ],
    [
      "the next one if a name is blank",
      { "user.email": " ", "enduser.id": "user-017" },
      "user-017",
    ],
  ])("belongs to %s", (_, overrides, subject) => {
    expect(acceptedCall(overrides).subject).toBe(subject);
  });

  test("belongs to the resource's user if the record names none, as a collector may strip copies", () => {
    const call = acceptedCall({ "user.email": undefined }, {}, { "enduser.id": "user-017" });

    expect(call.subject).toBe("user-017");
  });

  test("belongs to no one if no one is named", () => {
    expect(acceptedCall({ "user.email": undefined })).not.toHaveProperty("subject");
  });

  test.each([
    ["the total counts as 5 minutes", { cache_creation_tokens: 1000 }, [1000, 0]],
    [
      "the parts are taken as they are",
      { cache_creation_tokens: 1000, cache_creation_5m_tokens: 300, cache_creation_1h_tokens: 700 },
      [300, 700],
    ],
    [
      "what the parts leave out of the total counts as 5 minutes, so that nothing is lost",
      { cache_creation_tokens: 1000, cache_creation_1h_tokens: 700 },
      [300, 700],
    ],
    ["no cache writes are 0", { cache_creation_tokens: undefined }, [0, 0]],
  ])("cache writes: %s", (_, overrides, [fiveMinutes, oneHour]) => {
    expect(acceptedCall(overrides).tokens).toMatchObject({
      cacheWrite5m: fiveMinutes,
      cacheWrite1h: oneHour,
    });
  });

  test.each([
    [{ cost_usd_micros: 16_959, cost_usd: { doubleValue: 9 } }, 16_959_000n],
    [{ cost_usd_micros: { intValue: "16959" } }, 16_959_000n],
    [{ cost_usd_micros: undefined, cost_usd: { doubleValue: 0.016959000000000002 } }, 16_959_000n],
    [{ cost_usd_micros: undefined }, undefined],
  ])("takes the reported cost from %j", (overrides, expected) => {
    expect(acceptedCall(overrides).reportedCostNanoUsd).toBe(expected);
  });

  test.each([
    ["firstParty", "anthropic"],
    ["bedrock", "aws"],
    ["vertex", "google"],
    ["foundry", "azure"],
    ["Gateway-X", "gateway-x"],
  ])("provider %s is %s", (sent, provider) => {
    expect(acceptedCall({ "anthropic.provider": sent }).provider).toBe(provider);
  });

  test.each(["Claude-Sonnet-4-5", "claude-sonnet-4-5[1m]", " claude-sonnet-4-5[1M] "])(
    "model %j is the one that the price book knows",
    (model) => {
      expect(acceptedCall({ model }).model).toBe("claude-sonnet-4-5");
    },
  );

  test("says what the work was for, where record or resource say so", () => {
    const call = acceptedCall({ use_case: "migration" }, {}, { "vcs.repository.name": "acme/web" });

    expect(call).toMatchObject({ useCase: "migration", repository: "acme/web" });
  });

  test("drops a label that is no label, and keeps the spend", () => {
    const call = acceptedCall({ use_case: "x".repeat(300), repository: "a\u0000b" });

    expect(call).not.toHaveProperty("useCase");
    expect(call).not.toHaveProperty("repository");
  });

  test("without a request id, the client's id tells calls apart", () => {
    const call = acceptedCall({ request_id: undefined, client_request_id: "c-1" });

    expect(call.id).toBe("claude-code:client:c-1");
  });

  test("without any id, a resumed session does not repeat the identities of its first run", () => {
    const call = { request_id: undefined, "event.sequence": 6 };
    const resumed = { timeUnixNano: "1795298620826000000" };

    expect(acceptedCall(call).id).toBe(
      `claude-code:9d0bbe99-d739-49a1-8651-3907cc2ba04b:${CALL_TIME_MS}:6:api_request`,
    );
    expect(acceptedCall(call, resumed).id).not.toBe(acceptedCall(call).id);
  });

  test.each([
    ["its own time", {}, CALL_TIME_MS],
    ["the event's timestamp", { timeUnixNano: "0", observedTimeUnixNano: "1" }, CALL_TIME_MS],
  ])("happened at %s", (_, fields, expected) => {
    expect(acceptedCall({}, fields).timeMs).toBe(expected);
  });

  test("happened when it was observed, if it says nothing else", () => {
    const fields = { timeUnixNano: 0, observedTimeUnixNano: "1795298560827000000" };

    expect(acceptedCall({ "event.timestamp": undefined }, fields).timeMs).toBe(CALL_TIME_MS + 1);
  });

  test.each<[Overrides, string, string]>([
    [{ input_tokens: -1 }, "input_tokens", "got -1"],
    [{ output_tokens: { doubleValue: 1.5 } }, "output_tokens", "got 1.5"],
    [{ output_tokens: { doubleValue: "NaN" } }, "output_tokens", "got NaN"],
    [
      { cache_read_tokens: { intValue: "9223372036854775807" } },
      "cache_read_tokens",
      "got 9223372036854775807",
    ],
    [{ cache_creation_tokens: 1e15 }, "cache_creation_tokens", "from 0 to 1000000000"],
    [{ input_tokens: "canary" }, "input_tokens", "got a text"],
    [{ input_tokens: undefined }, "input_tokens", "must be given"],
    [{ output_tokens: {} }, "output_tokens", "must be given"],
    [{ cost_usd_micros: -5 }, "cost_usd_micros", "got -5"],
    [{ cost_usd_micros: undefined, cost_usd: { doubleValue: "Infinity" } }, "cost_usd", "Infinity"],
    [{ model: undefined }, "model", "must be given"],
    [{ model: { intValue: 3 } }, "model", "must be a text"],
    [{ request_id: "r".repeat(257) }, "request_id", "1 to 256 characters"],
    [{ "session.id": "a\nb" }, "session.id", "without control characters"],
    [{ "session.id": "\ud800" }, "session.id", "must be a text"],
  ])("rejects %j and names the field", (overrides, field, message) => {
    expect(readCall(overrides)).toEqual({
      kind: "rejected",
      path: `resourceLogs[0].scopeLogs[0].logRecords[0].attributes.${field}`,
      message: expect.stringContaining(message),
    });
  });

  test("rejects a call without a time: its time of arrival would differ on every retry", () => {
    const fields = { timeUnixNano: "0", observedTimeUnixNano: "0" };

    expect(readCall({ "event.timestamp": undefined }, fields)).toMatchObject({
      kind: "rejected",
      path: expect.stringContaining("timeUnixNano"),
    });
  });

  test("rejects a time in milliseconds, which would book the call into 1970", () => {
    expect(readCall({}, { timeUnixNano: String(CALL_TIME_MS) })).toMatchObject({
      kind: "rejected",
    });
  });
});

describe("readClaudeCodeEvent: tool_result", () => {
  const commit = "32ad06cd99f840f4d68012987b211038919ca9f1";
  const toolResult = (attributes: Record<string, string>) => {
    const record = logRecordJson({
      "session.id": "s-1",
      "user.email": "user-017@example.com",
      "event.name": "tool_result",
      "event.timestamp": "2026-11-21T22:02:40.826Z",
      agent_id: "explore-2",
      ...attributes,
    });
    return readings(logsBody([record]))[0];
  };

  test("with a commit ties the session to it, and says nothing else of the tool", () => {
    const parameters = JSON.stringify({
      full_command: "git commit -m canary",
      git_commit_id: commit.toUpperCase(),
      git_branch: "feat/x",
    });

    expect(toolResult({ tool_parameters: parameters })).toEqual({
      kind: "accepted",
      event: {
        id: `link:s-1:${commit}`,
        grain: "link",
        timeMs: CALL_TIME_MS - (CALL_TIME_MS % 60_000),
        subject: "user-017@example.com",
        session: "s-1",
        tool: "claude-code",
        provider: "-",
        model: "-",
        tokens: {
          uncachedInput: 0,
          cacheRead: 0,
          cacheWrite5m: 0,
          cacheWrite1h: 0,
          output: 0,
          reasoning: 0,
        },
        commit,
        branch: "feat/x",
      },
    });
  });

  test("is read from the attributes of version control where they are", () => {
    const reading = toolResult({
      "vcs.ref.head.revision": commit,
      "vcs.ref.head.name": "main",
      tool_parameters: "not JSON",
    });

    expect(reading).toMatchObject({ kind: "accepted", event: { commit, branch: "main" } });
  });

  test.each([
    ["no parameters", {}],
    ["parameters without a commit", { tool_parameters: '{"bash_command":"gh"}' }],
    ["parameters that are no JSON", { tool_parameters: "{" }],
    ["parameters of another shape", { tool_parameters: "[1]" }],
    ["a commit that is none", { tool_parameters: '{"git_commit_id":"canary; rm -rf"}' }],
    ["no session to tie", { "session.id": "", "vcs.ref.head.revision": commit }],
  ])("with %s is ignored", (_, attributes) => {
    expect(toolResult(attributes)).toEqual({ kind: "ignored", name: "tool_result" });
  });
});

describe("readClaudeCodeEvent: other events", () => {
  test.each(["user_prompt", "assistant_response", "tool_decision", "api_error", "some_new_event"])(
    "%s carries no usage, even with the request id of a call",
    (name) => {
      expect(readCall({ "event.name": name })).toEqual({ kind: "ignored", name });
    },
  );

  test("an event is known by its record's name too, as newer exporters send it", () => {
    const reading = readCall({ "event.name": undefined }, { eventName: "claude_code.api_request" });

    expect(reading.kind).toBe("accepted");
  });
});
