import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { logRecordsOf } from "../../../shared/otlp/export-request.ts";
import { readClaudeCodeEvent } from "../../../shared/usage/claude-code-events.ts";
import { idOfWireItem, usageFromWire } from "../../../shared/usage/usage-wire.ts";
import { readJsonBatch } from "../../../shared/wire/json-batch.ts";
import { apiRequestAttributes, logRecordJson, logsBody } from "../../support/otlp-bodies.ts";
import { aWireItem } from "../../support/usage-wire-items.ts";

const context = { nowMs: Date.UTC(2026, 9, 6), maySend: () => true };

function readItems(...values: readonly unknown[]) {
  return usageFromWire(
    values.map((value) => ({ kind: "value", value })),
    context,
  );
}

describe("usageFromWire", () => {
  test("reads one model call with everything that it can say", () => {
    expect(readItems(aWireItem()).accepted).toEqual([
      {
        id: "anthropic:req_018a",
        grain: "request",
        timeMs: Date.UTC(2026, 9, 5, 9, 12, 33, 120),
        subject: "user-017@example.com",
        session: "9d0bbe99",
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
        reportedCostNanoUsd: 16_959_000n,
        useCase: "feature-work",
        repository: "acme/web",
        branch: "feat/x",
        commit: "0d1a26e6aa",
        fingerprint: "b64hash",
      },
    ]);
  });

  test("takes an item with nothing but what is needed; what is absent stays absent", () => {
    const { id, time, tool, provider, model } = aWireItem();
    const item = { id, time, tool, provider, model, tokens: { input: 1, output: 2 } };

    expect(readItems(item).accepted).toEqual([
      {
        id: "anthropic:req_018a",
        grain: "request",
        timeMs: Date.UTC(2026, 9, 5, 9, 12, 33, 120),
        session: "-",
        tool: "claude-code",
        provider: "anthropic",
        model: "claude-sonnet-4-5",
        tokens: {
          uncachedInput: 1,
          cacheRead: 0,
          cacheWrite5m: 0,
          cacheWrite1h: 0,
          output: 2,
          reasoning: 0,
        },
      },
    ]);
  });

  test("a call that telemetry reports too has the same identity, so it counts once", () => {
    const [fromTelemetry] = logRecordsOf(
      logsBody([logRecordJson(apiRequestAttributes({ request_id: "req_018a" }))]),
    ).map(readClaudeCodeEvent);
    const [fromWire] = readItems(aWireItem({ provider: "Anthropic" })).accepted;

    expect(fromTelemetry).toMatchObject({ event: { id: fromWire?.id } });
  });

  test("keeps an estimate in another currency as it is: the rate is a matter of pricing", () => {
    const reportedCost = { amount: "1.5000000005", currency: "EUR" };
    const [event] = readItems(aWireItem({ reportedCost })).accepted;

    // Billionths of a euro, rounded like dollars.
    expect(event?.reportedForeign).toEqual({ currency: "EUR", amountNano: 1_500_000_001n });
    expect(event).not.toHaveProperty("reportedCostNanoUsd");
  });

  test("takes the price tier; the standard one is no tier", () => {
    expect(readItems(aWireItem({ tier: "batch" })).accepted[0]?.tier).toBe("batch");
    expect(readItems(aWireItem({ tier: "standard" })).accepted[0]).not.toHaveProperty("tier");
  });

  test.each([
    ["User-017@Example.com", "user-017@example.com"],
    ["user-017", "user-017"],
    ["github:User-017", "github:user-017"],
  ])("user %j is the subject %j", (user, subject) => {
    expect(readItems(aWireItem({ user })).accepted[0]?.subject).toBe(subject);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["a negative count", { tokens: { input: -1, output: 1 } }, "tokens.input"],
    ["a fraction of a token", { tokens: { input: 1, output: 1.5 } }, "tokens.output"],
    ["a count past 2^53", { tokens: { input: 1e300, output: 1 } }, "tokens.input"],
    ["more than a call can hold", { tokens: { input: 1e12, output: 1 } }, "tokens.input"],
    ["a count as text", { tokens: { input: "1", output: 1 } }, "tokens.input"],
    ["no count of output", { tokens: { input: 1 } }, "tokens.output"],
    [
      "more reasoning than output",
      { tokens: { input: 1, output: 1, reasoning: 2 } },
      "tokens.reasoning",
    ],
    ["a misspelt bucket", { tokens: { input: 1, output: 1, cacheReads: 2 } }, "tokens.cacheReads"],
    ["a misspelt field", { usr: "user-017" }, "usr"],
    ["a time in local time", { time: "2026-10-05T09:12:33" }, "time"],
    ["a time in seconds", { time: 1_791_191_553 }, "time"],
    ["a time in 1970", { time: "1970-01-21T17:33:11Z" }, "time"],
    ["a day that does not exist", { time: "2026-02-30T00:00:00Z" }, "time"],
    ["a price tier that nobody has", { tier: "bach" }, "tier"],
    [
      "a cost in a currency that is none",
      { reportedCost: { amount: "1", currency: "Euro" } },
      "reportedCost.currency",
    ],
    ["a cost as a number", { reportedCost: { amount: 1, currency: "USD" } }, "reportedCost.amount"],
    ["a negative cost", { reportedCost: { amount: "-1", currency: "USD" } }, "reportedCost.amount"],
    ["an exponent", { reportedCost: { amount: "1e3", currency: "USD" } }, "reportedCost.amount"],
    ["a blank id", { id: " " }, "id"],
    ["a text that is too long", { model: "x".repeat(201) }, "model"],
    ["a control character", { session: "a\u0000" }, "session"],
    ["a commit that is none", { commit: "HEAD" }, "commit"],
    ["content where a hash belongs", { fingerprint: "please write a poem" }, "fingerprint"],
    ["null for absent", { user: null }, "user"],
  ])("rejects %s and names the field", (_, overrides, path) => {
    expect(readItems({ ...aWireItem(), ...overrides })).toMatchObject({
      accepted: [],
      rejected: [{ index: 0, path, message: expect.stringMatching(/^(must|is not) /) }],
    });
  });

  test.each([null, 3, "text", [], [[]]])("rejects %j, which is no item", (value) => {
    expect(readItems(value)).toMatchObject({
      accepted: [],
      rejected: [{ path: "", message: "must be an object" }],
    });
  });

  test.each(["__proto__", "constructor", "prototype", "toString"])(
    "a field named %s is one that is not known, and changes nothing else",
    (name) => {
      const item: unknown = JSON.parse(
        `{"${name}":{"polluted":true},${JSON.stringify(aWireItem()).slice(1)}`,
      );

      const batch = readItems(item, aWireItem());

      expect(batch.rejected).toEqual([{ index: 0, path: name, message: "is not a known field" }]);
      expect(batch.accepted).toHaveLength(1);
      expect(batch.accepted[0]).not.toHaveProperty("polluted");
    },
  );

  test("never repeats a value that it rejects", () => {
    const canary = "canary-7d21";
    const batch = readItems(
      { ...aWireItem(), model: { text: canary } },
      { ...aWireItem(), time: canary },
      { ...aWireItem(), fingerprint: `${canary} with spaces` },
      { ...aWireItem(), extra: canary },
      canary,
    );

    expect(batch.rejected).toHaveLength(5);
    expect(JSON.stringify(batch.rejected)).not.toContain(canary);
  });

  test("a line that is not JSON is rejected where it stands, and the others are taken", () => {
    const line = JSON.stringify(aWireItem());
    const lines = readJsonBatch(`${line}\n{oops\n${line}`);

    const batch = usageFromWire(lines.kind === "records" ? lines.records : [], context);

    expect(batch.accepted).toHaveLength(2);
    expect(batch.rejected).toMatchObject([{ index: 1, path: "" }]);
  });

  test("a call too far ahead of our clock is held back", () => {
    expect(readItems(aWireItem({ time: "2026-10-06T00:05:00.001Z" }))).toMatchObject({
      accepted: [],
      quarantined: [{ index: 0, reason: "clock-in-future" }],
    });
  });

  test("a key of one tool may not send another tool's usage", () => {
    const items = [aWireItem(), aWireItem({ id: "b", tool: "litellm" })];

    const batch = usageFromWire(
      items.map((value) => ({ kind: "value", value })),
      { ...context, maySend: (tool) => tool === "claude-code" },
    );

    expect(batch.accepted).toHaveLength(1);
    expect(batch.rejected).toMatchObject([{ index: 1, path: "tool" }]);
  });

  test("every item ends in exactly one place, whatever it is", () => {
    const items = fc.array(
      fc.oneof(
        fc.jsonValue(),
        fc
          .record({ id: fc.string(), tokens: fc.jsonValue() })
          .map((some) => ({ ...aWireItem(), ...some })),
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(items, (values) => {
        const { accepted, quarantined, rejected, ignored } = readItems(...values);

        expect(accepted.length + quarantined.length + rejected.length).toBe(values.length);
        expect(ignored.size).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("idOfWireItem", () => {
  test.each([
    [{ id: "a", model: 3 }, { id: "a" }],
    [{ id: 3 }, {}],
    [{ id: "x".repeat(300) }, {}],
    ["text", {}],
  ])("gives back the id of %j, if it has one", (value, expected) => {
    expect(idOfWireItem({ kind: "value", value })).toEqual(expected);
  });
});
