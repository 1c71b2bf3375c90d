import { describe, expect, test } from "vitest";
import { identityHash } from "../../../functions/adapters/pseudonyms.ts";
import { metricPointsOf } from "../../../shared/otlp/export-request.ts";
import { readGenAiPoint } from "../../../shared/usage/gen-ai-metrics.ts";
import type { Reading } from "../../../shared/usage/reading.ts";
import { attributesJson, fixtureBodies } from "../../support/otlp-bodies.ts";
import { acceptedIn, type Overrides } from "../../support/otlp-readings.ts";

const START_NANOS = "1795299940000000000";
const END_NANOS = "1795300000000000000";
const RESOURCE = { "service.name": "Checkout-Bot", "enduser.id": "svc-checkout-bot" };

function read(
  overrides: Overrides = {},
  fields: object = {},
  { metric = "gen_ai.client.token.usage", temporality = 1, kind = "histogram", resource = {} } = {},
): Reading {
  const attributes = Object.entries({
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "anthropic",
    "gen_ai.request.model": "claude-sonnet-4-5",
    "gen_ai.token.type": "input",
    ...overrides,
  }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const point = {
    attributes: attributesJson(Object.fromEntries(attributes)),
    startTimeUnixNano: START_NANOS,
    timeUnixNano: END_NANOS,
    ...(kind === "histogram" ? { count: "3", sum: 9000 } : { asInt: "9000" }),
    ...fields,
  };
  const data = { aggregationTemporality: temporality, dataPoints: [point] };
  const [parsed] = metricPointsOf({
    resourceMetrics: [
      {
        resource: { attributes: attributesJson({ ...RESOURCE, ...resource }) },
        scopeMetrics: [{ metrics: [{ name: metric, [kind]: data }] }],
      },
    ],
  });
  if (parsed === undefined) {
    throw new Error("the body holds one point");
  }
  return readGenAiPoint(parsed, identityHash);
}

describe("readGenAiPoint", () => {
  test("takes the sum of a histogram as a window of its service, for whom the resource names", () => {
    expect(acceptedIn(read())).toEqual({
      id: expect.stringMatching(
        /^gen-ai:gen_ai\.client\.token\.usage:[\w-]{16}:1795299940000000000:1795300000000000000$/,
      ),
      grain: "window",
      timeMs: 1_795_299_940_000,
      subject: "svc-checkout-bot",
      session: "-",
      tool: "gen-ai:checkout-bot",
      provider: "anthropic",
      model: "claude-sonnet-4-5",
      tokens: {
        uncachedInput: 9000,
        cacheRead: 0,
        cacheWrite5m: 0,
        cacheWrite1h: 0,
        output: 0,
        reasoning: 0,
      },
    });
  });

  test.each([
    ["output", "output"],
    ["completion", "output"],
    ["prompt", "uncachedInput"],
  ])("type %s counts as %s", (type, bucket) => {
    expect(acceptedIn(read({ "gen_ai.token.type": type })).tokens).toMatchObject({
      [bucket]: 9000,
    });
  });

  test.each([
    ["gen_ai.client.inference.tokens", "uncachedInput"],
    ["gen_ai.client.inference.usage.input_tokens", "uncachedInput"],
    ["gen_ai.client.inference.usage.output_tokens", "output"],
  ])("takes the counter %s, which may come after the histogram", (metric, bucket) => {
    expect(acceptedIn(read({}, {}, { metric, kind: "sum" })).tokens).toMatchObject({
      [bucket]: 9000,
    });
  });

  test.each([
    "gen_ai.client.inference.usage.cache_read.input_tokens",
    "gen_ai.client.inference.usage.reasoning.output_tokens",
    "gen_ai.client.inference.operation.input_tokens",
    "gen_ai.client.operation.duration",
  ])("%s says nothing that is not said already", (metric) => {
    expect(read({}, {}, { metric })).toEqual({ kind: "ignored", name: metric });
  });

  test("what agents sum up is ignored", () => {
    expect(read({ "gen_ai.operation.name": "invoke_agent" })).toMatchObject({ kind: "ignored" });
  });

  test("of a sender that is not known, names are not repeated", () => {
    expect(read({}, {}, { metric: "canary" })).toEqual({ kind: "ignored", name: "unknown-sender" });
  });

  test("a cumulative histogram restates one row", () => {
    const first = acceptedIn(read({}, {}, { temporality: 2 }));
    const next = acceptedIn(
      read({}, { sum: 12_000, timeUnixNano: "1795300060000000000" }, { temporality: 2 }),
    );

    expect(next.revision?.of).toBe(first.revision?.of);
    expect(next.revision?.asOfMs).toBe(1_795_300_060_000);
    expect(next.id).not.toBe(first.id);
  });

  test("replicas of a service that report the same window are told apart by their resource", () => {
    const replica = read({}, {}, { resource: { "service.instance.id": "2" } });

    expect(acceptedIn(replica).id).not.toBe(acceptedIn(read()).id);
  });

  test.each<[string, Overrides, object, number]>([
    [".value", {}, { sum: 0.5 }, 1],
    [".value", {}, { sum: undefined }, 1],
    [".attributes.gen_ai.provider.name", { "gen_ai.provider.name": undefined }, {}, 1],
    ["", {}, {}, 0],
  ])("rejects what cannot be, and names '%s'", (path, overrides, fields, temporality) => {
    expect(read(overrides, fields, { temporality })).toMatchObject({
      kind: "rejected",
      path: `resourceMetrics[0].scopeMetrics[0].metrics[0].histogram.dataPoints[0]${path}`,
    });
  });

  test("the sample is 9000 tokens in and 4200 out", () => {
    const [body] = fixtureBodies("otel-genai/token-usage.metrics.json");

    const windows = metricPointsOf(body).map((point) =>
      acceptedIn(readGenAiPoint(point, identityHash)),
    );

    expect(windows.map(({ tokens }) => [tokens.uncachedInput, tokens.output])).toEqual([
      [9000, 0],
      [0, 4200],
    ]);
  });
});
