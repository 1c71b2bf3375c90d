import { describe, expect, test } from "vitest";
import { CODEX } from "../../../shared/usage/codex.ts";
import {
  acceptedIn,
  type Overrides,
  RECORD_PATH,
  readRecord,
} from "../../support/otlp-readings.ts";

const COMPLETED = {
  "event.name": "codex.sse_event",
  "event.kind": "response.completed",
  "event.timestamp": "2026-11-21T22:07:11.189Z",
  "conversation.id": "01a20026-2b04-7800-a44c-5f8d3e30e458",
  model: "gpt-5.1-codex",
  input_token_count: "5000",
  output_token_count: "300",
  cached_token_count: 4000,
  cache_write_token_count: 100,
  reasoning_token_count: 120,
  tool_token_count: "5300",
};
/** Codex leaves the record's own time empty. */
const FIELDS = { timeUnixNano: "0", observedTimeUnixNano: "1795298831189525535", body: null };

const read = (overrides: Overrides = {}, fields = {}, resource = {}) =>
  readRecord(CODEX, { ...COMPLETED, ...overrides }, { ...FIELDS, ...fields }, resource);
const call = (overrides: Overrides = {}, fields = {}, resource = {}) =>
  acceptedIn(read(overrides, fields, resource));

describe("CODEX", () => {
  test.each([
    ["codex_otel.log_only", "codex_exec", true],
    ["codex_otel::metrics::client", "our-name-for-it", true],
    ["", "codex_cli_rs", true],
    ["codex_otelier", "codex-review-bot", false],
    ["example.genai", "checkout-bot", false],
  ])("scope %j of service %s is Codex: %s", (scopeName, serviceName, expected) => {
    expect(CODEX.sent({ scopeName, serviceName, resource: new Map() })).toBe(expected);
  });

  test("a completed response is one call, whole, its cached and written tokens taken out of the input", () => {
    expect(call({ "user.email": "User-017@example.com" })).toEqual({
      id: "codex:01a20026-2b04-7800-a44c-5f8d3e30e458:1795298831189:gpt-5.1-codex:900-4000-100-0-300-120",
      grain: "request",
      timeMs: Date.UTC(2026, 10, 21, 22, 7, 11, 189),
      subject: "user-017@example.com",
      session: "01a20026-2b04-7800-a44c-5f8d3e30e458",
      tool: "codex",
      provider: "openai",
      model: "gpt-5.1-codex",
      tokens: {
        uncachedInput: 900,
        cacheRead: 4000,
        cacheWrite5m: 100,
        cacheWrite1h: 0,
        output: 300,
        reasoning: 120,
      },
    });
  });

  test("takes counts as numbers too, as other exporters of the same event write them", () => {
    const numbers = call({ input_token_count: 5000, output_token_count: { intValue: "300" } });

    expect(numbers).toEqual(call());
  });

  test("counts of a cache that is not there are 0", () => {
    const { tokens } = call({
      cached_token_count: undefined,
      cache_write_token_count: undefined,
      reasoning_token_count: undefined,
    });

    expect(tokens).toMatchObject({ uncachedInput: 5000, cacheRead: 0, output: 300, reasoning: 0 });
  });

  test.each<[string, Overrides]>([
    [
      "the record without counts that comes before each",
      { input_token_count: undefined, output_token_count: undefined },
    ],
    ["another event of the stream", { "event.kind": "response.created" }],
    ["the request", { "event.name": "codex.api_request" }],
  ])("%s is no call", (_, overrides) => {
    expect(read(overrides)).toMatchObject({ kind: "ignored" });
  });

  test.each([
    [
      "the login",
      { "user.email": "user-017@example.com", "user.account_id": "acc-1" },
      {},
      "user-017@example.com",
    ],
    [
      "whom the deployment names",
      {},
      { "enduser.id": "user-017@example.com" },
      "user-017@example.com",
    ],
    ["the account", { "user.account_id": "acc-1" }, {}, "codex:acc-1"],
    ["nobody, with an API key", {}, {}, undefined],
  ])("belongs to %s", (_, overrides, resource, subject) => {
    expect(call(overrides, {}, resource).subject).toBe(subject);
  });

  test("the time of observation does not tell calls apart: a collector may set it anew", () => {
    expect(call({}, { observedTimeUnixNano: "1795298899000000000" })).toEqual(call());
  });

  test.each<[string, Overrides]>([
    ["another time", { "event.timestamp": "2026-11-21T22:07:11.190Z" }],
    ["another conversation", { "conversation.id": "01a20026-0000" }],
    ["other counts", { output_token_count: "301" }],
    ["another model", { model: "gpt-5.1" }],
  ])("%s is another call", (_, overrides) => {
    expect(call(overrides).id).not.toBe(call().id);
  });

  test.each<[string, Overrides, string]>([
    [
      "input_token_count",
      { cached_token_count: 4901 },
      "must include the cached tokens, 5001, got 5000",
    ],
    ["output_token_count", { reasoning_token_count: 301 }, "must include the reasoning tokens"],
    ["input_token_count", { input_token_count: "-1" }, "got a text"],
    ["input_token_count", { input_token_count: undefined }, "must be given"],
    ["output_token_count", { output_token_count: "canary" }, "got a text"],
    ["model", { model: undefined }, "must be given"],
  ])("rejects a wrong count with its path: %s", (field, overrides, message) => {
    expect(read(overrides)).toEqual({
      kind: "rejected",
      path: `${RECORD_PATH}.attributes.${field}`,
      message: expect.stringContaining(message),
    });
  });
});
