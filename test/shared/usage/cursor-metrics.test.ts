import { describe, expect, test } from "vitest";
import { identityHash } from "../../../functions/adapters/pseudonyms.ts";
import { metricPointsOf } from "../../../shared/otlp/export-request.ts";
import { readCursorPoint } from "../../../shared/usage/cursor-metrics.ts";
import type { Reading } from "../../../shared/usage/reading.ts";
import { attributesJson } from "../../support/otlp-bodies.ts";
import { acceptedIn, type Overrides } from "../../support/otlp-readings.ts";

function read(
  overrides: Overrides = {},
  fields: object = {},
  { metric = "cursor.token.usage", user = 998_877 } = {},
): Reading {
  const attributes = Object.entries({
    "cursor.token.type": "input",
    "cursor.model.name": "claude-4.5-sonnet",
    ...overrides,
  }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const point = {
    attributes: attributesJson(Object.fromEntries(attributes)),
    startTimeUnixNano: "1795299940000000000",
    timeUnixNano: "1795300000000000000",
    asInt: "1200",
    ...fields,
  };
  const sum = { aggregationTemporality: 1, isMonotonic: true, dataPoints: [point] };
  const [parsed] = metricPointsOf({
    resourceMetrics: [
      {
        resource: {
          attributes: attributesJson({ "service.name": "cursor", "cursor.user.id": user }),
        },
        scopeMetrics: [{ metrics: [{ name: metric, sum }] }],
      },
    ],
  });
  if (parsed === undefined) {
    throw new Error("the body holds one point");
  }
  return readCursorPoint(parsed, identityHash);
}

describe("readCursorPoint", () => {
  test("a point of the token counter is a window of the person that the resource names", () => {
    expect(acceptedIn(read())).toEqual({
      id: expect.stringMatching(/^cursor:cursor\.token\.usage:[\w-]{16}:\d+:\d+$/),
      grain: "window",
      timeMs: 1_795_299_940_000,
      subject: "cursor:998877",
      session: "-",
      tool: "cursor",
      provider: "cursor",
      model: "claude-4.5-sonnet",
      tokens: {
        uncachedInput: 1200,
        cacheRead: 0,
        cacheWrite5m: 0,
        cacheWrite1h: 0,
        output: 0,
        reasoning: 0,
      },
    });
  });

  test("a point of the cost is a window with Cursor's estimate", () => {
    const cost = read(
      { "cursor.model.name": undefined },
      { asInt: undefined, asDouble: 0.04455 },
      { metric: "cursor.cost.usage" },
    );

    expect(acceptedIn(cost)).toMatchObject({ model: "-", reportedCostNanoUsd: 44_550_000n });
  });

  test("the same window of two people is two", () => {
    expect(acceptedIn(read({}, {}, { user: 1 })).id).not.toBe(acceptedIn(read()).id);
  });

  test.each([
    [{ "cursor.api.billable": { boolValue: false } }, "cursor.token.usage"],
    [{}, "cursor.tool.calls"],
  ])("%j of %s is no spend", (overrides, metric) => {
    expect(read(overrides, {}, { metric })).toEqual({ kind: "ignored", name: metric });
  });

  test.each<[string, Overrides, object]>([
    [".attributes.cursor.token.type", { "cursor.token.type": "canary" }, {}],
    [".value", {}, { asInt: "-1" }],
  ])("rejects what cannot be, and names %s", (path, overrides, fields) => {
    expect(read(overrides, fields)).toEqual({
      kind: "rejected",
      path: `resourceMetrics[0].scopeMetrics[0].metrics[0].sum.dataPoints[0]${path}`,
      message: expect.not.stringContaining("canary"),
    });
  });
});
