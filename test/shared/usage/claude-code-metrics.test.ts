import { describe, expect, test } from "vitest";
import { identityHash } from "../../../functions/adapters/pseudonyms.ts";
import { metricPointsOf } from "../../../shared/otlp/export-request.ts";
import { readClaudeCodePoint } from "../../../shared/usage/claude-code-metrics.ts";
import type { Reading } from "../../../shared/usage/reading.ts";
import {
  CALL_TIME_MS,
  CALL_TIME_NANOS,
  dataPointJson,
  metricsBody,
} from "../../support/otlp-bodies.ts";

function readPoint(point = dataPointJson(), options = {}): Reading {
  const [parsed] = metricPointsOf(metricsBody([point], options));
  if (parsed === undefined) {
    throw new Error("the body holds one point");
  }
  return readClaudeCodePoint(parsed, identityHash);
}

function identityOf(point: ReturnType<typeof dataPointJson>): string {
  const reading = readPoint(point);
  return reading.kind === "accepted" ? reading.event.id : `not accepted: ${reading.kind}`;
}

describe("readClaudeCodePoint", () => {
  test("a point of the token counter is a window with one bucket, at the window's start", () => {
    expect(readPoint()).toEqual({
      kind: "accepted",
      event: {
        id: expect.stringMatching(
          /^claude-code:claude_code\.token\.usage:[\w-]{16}:1795298560826000000:1795298561594000000$/,
        ),
        grain: "window",
        timeMs: CALL_TIME_MS,
        subject: "user-017@example.com",
        session: "9d0bbe99-d739-49a1-8651-3907cc2ba04b",
        tool: "claude-code",
        provider: "anthropic",
        model: "claude-sonnet-4-5",
        tokens: {
          uncachedInput: 123,
          cacheRead: 0,
          cacheWrite5m: 0,
          cacheWrite1h: 0,
          output: 0,
          reasoning: 0,
        },
      },
    });
  });

  test.each([
    ["output", "output"],
    ["cacheRead", "cacheRead"],
    ["cacheCreation", "cacheWrite5m"],
  ])("type %s counts as %s", (type, bucket) => {
    expect(readPoint(dataPointJson({ type }))).toMatchObject({
      event: { tokens: { [bucket]: 123, uncachedInput: 0 } },
    });
  });

  test("a point of the cost counter is a window with a reported cost and no tokens", () => {
    const point = dataPointJson({}, { asDouble: 0.016959000000000002 });

    expect(readPoint(point, { metric: "claude_code.cost.usage" })).toMatchObject({
      kind: "accepted",
      event: {
        grain: "window",
        reportedCostNanoUsd: 16_959_000n,
        tokens: { uncachedInput: 0, output: 0 },
      },
    });
  });

  test("a series of the same window has another identity for any attribute that differs", () => {
    const identities = [{}, { type: "output" }, { "skill.name": "review" }, { effort: 1 }].map(
      (attributes) => identityOf(dataPointJson(attributes)),
    );

    expect(new Set(identities).size).toBe(identities.length);
  });

  test("the order of attributes, and how numbers are written, do not change the identity", () => {
    const point = dataPointJson({ effort: { intValue: "3" } });
    const shuffled = dataPointJson({ effort: 3 });
    const reversed = {
      ...shuffled,
      attributes: [...(shuffled["attributes"] as readonly unknown[])].reverse(),
    };

    expect(identityOf(reversed)).toBe(identityOf(point));
  });

  test("the next window of a series is another event", () => {
    const next = dataPointJson({}, { timeUnixNano: "1795298621594000000" });

    expect(identityOf(next)).not.toBe(identityOf(dataPointJson()));
  });

  test("an attribute's value does not show in the identity", () => {
    expect(identityOf(dataPointJson({ "x.secret": "canary" }))).not.toContain("canary");
  });

  test("a point of a cumulative counter restates a row, which is booked when it began to count", () => {
    const of = expect.stringMatching(
      /^claude-code:claude_code\.token\.usage:[\w-]{16}:1795298560826000000$/,
    );

    expect(readPoint(dataPointJson(), { temporality: 2 })).toMatchObject({
      kind: "accepted",
      event: {
        id: expect.stringMatching(/:1795298560826000000@1795298561594$/),
        grain: "window",
        timeMs: CALL_TIME_MS,
        revision: { of, asOfMs: 1_795_298_561_594 },
        tokens: { uncachedInput: 123 },
      },
    });
  });

  test("a cumulative counter that starts anew is another row, and its next export the same", () => {
    const rowOf = (fields: Readonly<Record<string, unknown>>) => {
      const reading = readPoint(dataPointJson({}, fields), { temporality: 2 });
      return reading.kind === "accepted" ? reading.event.revision?.of : undefined;
    };

    expect(rowOf({ timeUnixNano: "1795298621594000000", asDouble: 200 })).toBe(rowOf({}));
    expect(rowOf({ startTimeUnixNano: "1795298560826000001" })).not.toBe(rowOf({}));
  });

  test("a cumulative counter that does not say since when is held back, and says which variable to set", () => {
    expect(
      readPoint(dataPointJson({}, { startTimeUnixNano: 0 }), { temporality: 2 }),
    ).toMatchObject({
      kind: "quarantined",
      reason: "cumulative-temporality",
      detail: expect.stringContaining("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=delta"),
    });
  });

  test("what was used at the fast speed has the tier of it", () => {
    expect(readPoint(dataPointJson({ speed: "fast" }))).toMatchObject({ event: { tier: "fast" } });
    expect(readPoint(dataPointJson({ speed: "normal" }))).toEqual(
      expect.objectContaining({ event: expect.not.objectContaining({ tier: expect.anything() }) }),
    );
  });

  test.each([
    ["a fraction of a token", dataPointJson({}, { asDouble: 1.5 }), ".value"],
    ["a negative count", dataPointJson({}, { asDouble: -1 }), ".value"],
    ["no value", dataPointJson({}, { asDouble: undefined }), ".value"],
    ["an unknown type", dataPointJson({ type: "canary" }), ".attributes.type"],
    ["no model", dataPointJson({ model: {} }), ".attributes.model"],
    ["no time", dataPointJson({}, { startTimeUnixNano: 0, timeUnixNano: 0 }), ".startTimeUnixNano"],
  ])("rejects %s and names the field", (_, point, path) => {
    expect(readPoint(point)).toEqual({
      kind: "rejected",
      path: `resourceMetrics[0].scopeMetrics[0].metrics[0].sum.dataPoints[0]${path}`,
      message: expect.not.stringContaining("canary"),
    });
  });

  test("rejects a sum that does not say whether it is cumulative", () => {
    expect(readPoint(dataPointJson(), { temporality: 0 })).toMatchObject({
      kind: "rejected",
      message: expect.stringContaining("temporality"),
    });
  });

  test("takes the end of a window for its time if its start is missing", () => {
    const point = dataPointJson({}, { startTimeUnixNano: "0", timeUnixNano: CALL_TIME_NANOS });

    expect(readPoint(point)).toMatchObject({ event: { timeMs: CALL_TIME_MS } });
  });

  test.each(["claude_code.session.count", "claude_code.commit.count", "some.new.metric"])(
    "%s is ignored by name",
    (metric) => {
      expect(readPoint(dataPointJson(), { metric })).toEqual({ kind: "ignored", name: metric });
    },
  );
});
