import { describe, expect, test } from "vitest";
import { CURSOR } from "../../../shared/usage/cursor.ts";
import { CALL_TIME_MS } from "../../support/otlp-bodies.ts";
import {
  acceptedIn,
  type Overrides,
  RECORD_PATH,
  readRecord,
} from "../../support/otlp-readings.ts";

const REQUEST = {
  "cursor.event.id": "evt_01HZX3M7Q9",
  "cursor.usage_event.id": "ue_77aa01",
  "cursor.conversation.id": "4a0b9a7e-8b63-49b4-9f5b-9a7f0f3d1e21",
  "cursor.model.name": "claude-4.5-sonnet",
  "cursor.api.request.input_tokens": 1200,
  "cursor.api.request.output_tokens": 900,
  "cursor.api.request.cache_read_tokens": 54_000,
  "cursor.api.request.cache_creation_tokens": 3000,
};
const body = (text: string) => ({ body: { stringValue: text } });
const RESOURCE = { "cursor.user.id": 998_877 };

const read = (overrides: Overrides = {}, fields = body("api_request"), resource = RESOURCE) =>
  readRecord(CURSOR, { ...REQUEST, ...overrides }, fields, resource);
const call = (overrides: Overrides = {}, fields = body("api_request"), resource = RESOURCE) =>
  acceptedIn(read(overrides, fields, resource));

describe("CURSOR", () => {
  test.each([
    ["cursor.telemetry", "renamed", true],
    ["", "cursor", true],
    ["example.genai", "cursor-hooks", false],
  ])("scope %j of service %s is Cursor: %s", (scopeName, serviceName, expected) => {
    expect(CURSOR.sent({ scopeName, serviceName, resource: new Map() })).toBe(expected);
  });

  test("an API request is one call by its event id, with four counters that do not overlap", () => {
    expect(call()).toEqual({
      id: "cursor:evt_01HZX3M7Q9",
      grain: "request",
      timeMs: CALL_TIME_MS,
      subject: "cursor:998877",
      session: "4a0b9a7e-8b63-49b4-9f5b-9a7f0f3d1e21",
      tool: "cursor",
      provider: "cursor",
      model: "claude-4.5-sonnet",
      tokens: {
        uncachedInput: 1200,
        cacheRead: 54_000,
        cacheWrite5m: 3000,
        cacheWrite1h: 0,
        output: 900,
        reasoning: 0,
      },
    });
  });

  test.each([
    [false, 0n],
    [true, undefined],
  ])("with billable %s has a reported cost of %s: nothing is a known cost", (boolValue, cost) => {
    expect(call({ "cursor.api.billable": { boolValue } }).reportedCostNanoUsd).toBe(cost);
  });

  test("is known by its event's name as well as by its body", () => {
    const named = readRecord(CURSOR, REQUEST, { eventName: "cursor.api.request" }, RESOURCE);

    expect(named).toEqual(read());
  });

  test.each([
    "api_error",
    "api_correction_not_billed_errored",
    "skill_activated",
    "cloud_agent_pull_request_opened",
  ])("%s is no call, even with counts of one, and is counted by its name", (name) => {
    expect(read({}, body(name))).toEqual({ kind: "ignored", name });
  });

  test.each(["canary", "a message of many words"])(
    "a body that may be a message, %j, is not repeated",
    (text) => {
      expect(read({}, body(text))).toEqual({ kind: "ignored", name: "other" });
    },
  );

  test("what a collector says of the person comes before Cursor's number", () => {
    const resource = { ...RESOURCE, "enduser.id": "user-017@example.com" };

    expect(call({}, body("api_request"), resource).subject).toBe("user-017@example.com");
  });

  test("a cloud agent's call may have neither user, conversation nor model, and still counts", () => {
    const event = acceptedIn(
      readRecord(
        CURSOR,
        { ...REQUEST, "cursor.conversation.id": undefined, "cursor.model.name": undefined },
        body("api_request"),
      ),
    );

    expect(event).toMatchObject({ session: "-", model: "-", tokens: { output: 900 } });
    expect(event).not.toHaveProperty("subject");
  });

  test.each<[string, Overrides]>([
    ["cursor.event.id", { "cursor.event.id": undefined }],
    ["cursor.api.request.input_tokens", { "cursor.api.request.input_tokens": undefined }],
    ["cursor.api.request.cache_read_tokens", { "cursor.api.request.cache_read_tokens": -1 }],
  ])("rejects a call with its path: %s", (field, overrides) => {
    expect(read(overrides)).toMatchObject({
      kind: "rejected",
      path: `${RECORD_PATH}.attributes.${field}`,
    });
  });
});
