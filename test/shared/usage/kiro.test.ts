import { describe, expect, test } from "vitest";
import { identityHash } from "../../../functions/adapters/pseudonyms.ts";
import { metricPointsOf } from "../../../shared/otlp/export-request.ts";
import { KIRO } from "../../../shared/usage/kiro.ts";
import { readKiroPoint } from "../../../shared/usage/kiro-metrics.ts";
import { otlpReaderOf } from "../../../shared/usage/otlp-senders.ts";
import {
  type AnyValueJson,
  attributesJson,
  CALL_TIME_MS,
  fixtureBodies,
} from "../../support/otlp-bodies.ts";
import {
  acceptedIn,
  type Overrides,
  RECORD_PATH,
  readRecord,
} from "../../support/otlp-readings.ts";

const USER = "90671234-5678-4abc-9def-000000000001";
const POINT_PATH = "resourceMetrics[0].scopeMetrics[0].metrics[0].sum.dataPoints[0]";
/** 2026-11-20 and the midnight after it. */
const DAY_MS = Date.UTC(2026, 10, 20);
const STATED_MS = Date.UTC(2026, 10, 21);

function given(attributes: Overrides) {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
  );
}

function readPoint(
  overrides: Overrides = {},
  fields: AnyValueJson = {},
  { metric = "kiro.daily.credits", temporality = 1 } = {},
) {
  const attributes = given({
    "kiro.user.id": USER,
    "kiro.client.type": "KIRO_IDE",
    date: "2026-11-20",
    "kiro.user.email": "user-017@example.com",
    ...overrides,
  });
  const point = {
    attributes: attributesJson(attributes),
    startTimeUnixNano: `${DAY_MS}000000`,
    timeUnixNano: `${STATED_MS}000000`,
    asDouble: 41.37,
    ...fields,
  };
  const sum = { aggregationTemporality: temporality, isMonotonic: true, dataPoints: [point] };
  const [parsed] = metricPointsOf({
    resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: metric, sum }] }] }],
  });
  if (parsed === undefined) {
    throw new Error("the body holds one point");
  }
  return readKiroPoint(parsed);
}

describe("KIRO: a point of the daily metrics", () => {
  test("is an amount of a person's day with one client, which a later statement replaces", () => {
    const of = `kiro:2026-11-20:${USER}:KIRO_IDE`;

    expect(acceptedIn(readPoint())).toEqual({
      id: `${of}@${STATED_MS}`,
      grain: "day",
      timeMs: DAY_MS,
      subject: `kiro:${USER}`,
      session: "-",
      tool: "kiro",
      provider: "kiro",
      model: "-",
      tokens: {
        uncachedInput: 0,
        cacheRead: 0,
        cacheWrite5m: 0,
        cacheWrite1h: 0,
        output: 0,
        reasoning: 0,
      },
      revision: { of, asOfMs: STATED_MS },
      calls: 1,
      credits: { used: 41_370_000, overage: 0 },
    });
  });

  test("of overage is a row of its own, so that it may come before, after, or not at all", () => {
    const overage = acceptedIn(
      readPoint({}, { asDouble: 930.4 }, { metric: "kiro.daily.overage_credits" }),
    );

    expect(overage).toMatchObject({
      revision: { of: `kiro:2026-11-20:${USER}:KIRO_IDE:overage` },
      calls: 0,
      credits: { used: 0, overage: 930_400_000 },
    });
  });

  test.each([0, 1, 2])("is the day's value whatever its temporality, %i", (temporality) => {
    expect(readPoint({}, {}, { temporality })).toEqual(readPoint());
  });

  test.each([
    ["as a whole number", { asDouble: undefined, asInt: "41" }, 41_000_000],
    ["as a fraction that no binary number is", { asDouble: 0.1 }, 100_000],
    ["of nothing", { asDouble: 0 }, 0],
  ])("takes credits %s", (_, fields, used) => {
    expect(acceptedIn(readPoint({}, fields)).credits).toEqual({ used, overage: 0 });
  });

  test("without a date is of the day whose midnight it starts at", () => {
    expect(readPoint({ date: undefined })).toEqual(readPoint());
  });

  test("stated again later is another statement of the same row", () => {
    const first = acceptedIn(readPoint());
    const later = acceptedIn(
      readPoint({}, { timeUnixNano: `${STATED_MS + 7_200_000}000000`, asDouble: 43 }),
    );

    expect(later.revision?.of).toBe(first.revision?.of);
    expect(later.id).not.toBe(first.id);
    expect(later.timeMs).toBe(first.timeMs);
  });

  test.each<[string, Overrides, AnyValueJson]>([
    [".attributes.date", { date: "2026-02-30" }, {}],
    [".attributes.date", { date: "canary" }, {}],
    [".attributes.date", { date: undefined }, { startTimeUnixNano: `${DAY_MS + 1}000000` }],
    [".attributes.kiro.user.id", { "kiro.user.id": undefined }, {}],
    [".attributes.kiro.client.type", { "kiro.client.type": undefined }, {}],
    [".value", {}, { asDouble: -1 }],
    [".value", {}, { asDouble: "NaN" }],
    [".value", {}, { asDouble: undefined }],
    [".timeUnixNano", {}, { timeUnixNano: "0" }],
  ])("rejects what cannot be, and names %s", (path, overrides, fields) => {
    expect(readPoint(overrides, fields)).toEqual({
      kind: "rejected",
      path: POINT_PATH + path,
      message: expect.not.stringContaining("canary"),
    });
  });

  test.each(["kiro.daily.messages", "kiro.daily.conversations", "kiro.daily.model_messages"])(
    "%s is no money, and counted by name",
    (metric) => {
      expect(readPoint({}, {}, { metric })).toEqual({ kind: "ignored", name: metric });
    },
  );
});

describe("KIRO: the sample of a day", () => {
  test("is the credits of three rows, with the overage beside", () => {
    const [body] = fixtureBodies("kiro/daily.metrics.json");
    const points = metricPointsOf(body);

    const rows = points
      .map((point) => otlpReaderOf(point.origin).readMetricPoint(point, identityHash))
      .flatMap((reading) => (reading.kind === "accepted" ? [reading.event] : []));

    const sum = (amount: "used" | "overage") =>
      rows.reduce((total, { credits }) => total + (credits?.[amount] ?? 0), 0);
    // 41.37 + 12.5 + 1480.02 credits, and 930.4 of overage.
    expect(sum("used")).toBe(1_533_890_000);
    expect(sum("overage")).toBe(930_400_000);
    expect(new Set(rows.map(({ subject }) => subject)).size).toBe(2);
    expect(rows).toHaveLength(6);
  });
});

const MESSAGE = {
  "event.name": "kiro.chat.message",
  "kiro.user.id": USER,
  "kiro.user.email": "user-017@example.com",
  "kiro.request.id": "r-1",
  "kiro.conversation.id": "c-1",
  "kiro.model.name": "Claude-Sonnet-4.5",
};
const read = (overrides: Overrides = {}, fields = {}) =>
  readRecord(KIRO, { ...MESSAGE, ...overrides }, fields, { "service.name": "kiro-enterprise" });

describe("KIRO: an event", () => {
  test("of a chat message is one request of the person, under the same name as the day's credits", () => {
    expect(acceptedIn(read())).toEqual({
      id: "kiro:r-1",
      grain: "request",
      timeMs: CALL_TIME_MS,
      subject: `kiro:${USER}`,
      session: "c-1",
      tool: "kiro",
      provider: "kiro",
      model: "claude-sonnet-4.5",
      tokens: {
        uncachedInput: 0,
        cacheRead: 0,
        cacheWrite5m: 0,
        cacheWrite1h: 0,
        output: 0,
        reasoning: 0,
      },
    });
  });

  test("of a sub-agent is in the session that it works for", () => {
    expect(acceptedIn(read({ "kiro.session.id": "s-1" }))).toMatchObject({
      session: "s-1",
      agent: "c-1",
    });
  });

  test("keeps the credits that it names", () => {
    expect(
      acceptedIn(read({ "kiro.credits": { doubleValue: 0.25 } as AnyValueJson })).credits,
    ).toEqual({ used: 250_000, overage: 0 });
  });

  test("without a request id is told apart by the time to the nanosecond", () => {
    const first = acceptedIn(read({ "kiro.request.id": undefined }));
    const next = acceptedIn(
      read({ "kiro.request.id": undefined }, { timeUnixNano: "1795298560826000001" }),
    );

    expect(next.id).not.toBe(first.id);
    expect(acceptedIn(read({ "kiro.request.id": undefined }))).toEqual(first);
  });

  test("with a credit that is none is rejected", () => {
    expect(read({ "kiro.credits": "canary" })).toEqual({
      kind: "rejected",
      path: `${RECORD_PATH}.attributes.kiro.credits`,
      message: expect.not.stringContaining("canary"),
    });
  });

  test.each([
    ["kiro.tool.call", "kiro.tool.call"],
    ["say canary", "other"],
  ])("%s is counted as %s", (name, counted) => {
    expect(read({ "event.name": name })).toEqual({ kind: "ignored", name: counted });
  });
});
