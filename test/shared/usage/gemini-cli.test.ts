import { describe, expect, test } from "vitest";
import { GEMINI_CLI } from "../../../shared/usage/gemini-cli.ts";
import { CALL_TIME_MS } from "../../support/otlp-bodies.ts";
import {
  acceptedIn,
  type Overrides,
  RECORD_PATH,
  readRecord,
} from "../../support/otlp-readings.ts";

const RESPONSE = {
  "event.name": "gemini_cli.api_response",
  "event.timestamp": "2026-11-21T22:02:40.826Z",
  "session.id": "80e8a566-631a-4813-94c4-1c359453d05c",
  "installation.id": "11111111-2222-4333-8444-555555555555",
  model: "gemini-2.5-pro",
  input_token_count: 5000,
  output_token_count: 300,
  cached_content_token_count: 4000,
  thoughts_token_count: 120,
  tool_token_count: 0,
  total_token_count: 5420,
};

const read = (overrides: Overrides = {}, resource = {}) =>
  readRecord(GEMINI_CLI, { ...RESPONSE, ...overrides }, {}, resource);
const call = (overrides: Overrides = {}, resource = {}) => acceptedIn(read(overrides, resource));

describe("GEMINI_CLI", () => {
  test.each([
    ["gemini-cli", "renamed", true],
    ["", "gemini-cli", true],
    ["example.genai", "gemini-client", false],
  ])("scope %j of service %s is Gemini CLI: %s", (scopeName, serviceName, expected) => {
    expect(GEMINI_CLI.sent({ scopeName, serviceName, resource: new Map() })).toBe(expected);
  });

  test("a response is one call: thoughts are output, and the cached part is taken out of the input", () => {
    expect(call()).toEqual({
      id: "gemini-cli:80e8a566-631a-4813-94c4-1c359453d05c:1795298560826:gemini-2.5-pro:1000-4000-0-0-420-120",
      grain: "request",
      timeMs: CALL_TIME_MS,
      subject: "gemini-cli:11111111-2222-4333-8444-555555555555",
      session: "80e8a566-631a-4813-94c4-1c359453d05c",
      tool: "gemini-cli",
      provider: "google",
      model: "gemini-2.5-pro",
      tokens: {
        uncachedInput: 1000,
        cacheRead: 4000,
        cacheWrite5m: 0,
        cacheWrite1h: 0,
        output: 420,
        reasoning: 120,
      },
    });
  });

  test("what tools put into the prompt is input, so that the buckets add up to the sender's total", () => {
    const { tokens } = call({ tool_token_count: 65, total_token_count: 5485 });

    expect(tokens.uncachedInput).toBe(1065);
    expect(tokens.uncachedInput + tokens.cacheRead + tokens.output).toBe(5485);
  });

  test("empty values, which Gemini CLI sends for what it does not know, are counts of 0 where a count may be missing", () => {
    const { tokens } = call({
      cached_content_token_count: {},
      thoughts_token_count: {},
      tool_token_count: {},
    });

    expect(tokens).toMatchObject({ uncachedInput: 5000, cacheRead: 0, output: 300, reasoning: 0 });
  });

  test.each([
    "gen_ai.client.inference.operation.details",
    "gemini_cli.api_request",
    "gemini_cli.user_prompt",
  ])("%s is no call, even with counts of one", (name) => {
    const counts = { "gen_ai.usage.input_tokens": 5000, "gen_ai.usage.output_tokens": 300 };

    expect(read({ "event.name": name, ...counts })).toEqual({ kind: "ignored", name });
  });

  test.each([
    ["the login", { "user.email": "User-017@example.com" }, {}, "user-017@example.com"],
    [
      "whom the deployment names",
      {},
      { "enduser.id": "user-017@example.com" },
      "user-017@example.com",
    ],
    ["nobody, if nothing is named", { "installation.id": undefined }, {}, undefined],
  ])("belongs to %s", (_, overrides, resource, subject) => {
    expect(call(overrides, resource).subject).toBe(subject);
  });

  test("is of the resource's session if a collector has stripped the record's", () => {
    expect(call({ "session.id": undefined }, { "session.id": "s-1" }).session).toBe("s-1");
  });

  test.each<[string, Overrides, string]>([
    [
      "input_token_count",
      { cached_content_token_count: 5001 },
      "must include the cached tokens, 5001, got 5000",
    ],
    ["input_token_count", { input_token_count: {} }, "must be given"],
    ["output_token_count", { output_token_count: {} }, "must be given"],
    ["thoughts_token_count", { thoughts_token_count: -1 }, "got -1"],
    ["tool_token_count", { tool_token_count: { doubleValue: 0.5 } }, "got 0.5"],
  ])("rejects a wrong count with its path: %s", (field, overrides, message) => {
    expect(read(overrides)).toEqual({
      kind: "rejected",
      path: `${RECORD_PATH}.attributes.${field}`,
      message: expect.stringContaining(message),
    });
  });
});
