import { describe, expect, test } from "vitest";
import { logRecordsOf, metricPointsOf } from "../../../shared/otlp/export-request.ts";
import { logRecordJson, logsBody, metricsBody } from "../../support/otlp-bodies.ts";

describe("logRecordsOf", () => {
  test("reads every kind of value that the JSON mapping knows", () => {
    const [record] = logRecordsOf(
      logsBody([
        logRecordJson({
          text: "a",
          number: { intValue: 7 },
          "number as text": { intValue: "8" },
          "past 2^53": { intValue: "9007199254740993" },
          "not a number": { intValue: "x" },
          double: { doubleValue: 0.5 },
          "double as text": { doubleValue: "1.5" },
          NaN: { doubleValue: "NaN" },
          flag: { boolValue: false },
          bytes: { bytesValue: "/wAQ" },
          empty: {},
          list: { arrayValue: { values: [{ stringValue: "b" }, {}] } },
          map: { kvlistValue: { values: [{ key: "c", value: { intValue: "1" } }] } },
          "a kind of the future": { uintValue: "1" },
        }),
      ]),
    );

    expect(Object.fromEntries(record?.attributes ?? [])).toEqual({
      text: "a",
      number: 7,
      "number as text": 8,
      "past 2^53": 9007199254740993n,
      "not a number": "x",
      double: 0.5,
      "double as text": 1.5,
      NaN: Number.NaN,
      flag: false,
      bytes: "/wAQ",
      empty: null,
      list: ["b", null],
      map: [["c", 1]],
      "a kind of the future": null,
    });
  });

  test.each([
    [{ stringValue: "api_request" }, "api_request"],
    [{ stringValue: "cursor.api.request" }, "cursor.api.request"],
    [{ stringValue: "Please write a poem" }, ""],
    [{ stringValue: "Poem" }, ""],
    [{ stringValue: "a".repeat(65) }, ""],
    [{ intValue: 7 }, ""],
    [{}, ""],
    [null, ""],
    [undefined, ""],
  ])("of the body %j only a bare name is read: %j", (body, expected) => {
    const [record] = logRecordsOf(logsBody([logRecordJson({}, { body })]));

    expect(record?.bodyName).toBe(expected);
  });

  test("keeps nanoseconds exact, which are past 2^53", () => {
    const [record] = logRecordsOf(
      logsBody([logRecordJson({}, { timeUnixNano: "1795298560826000123" })]),
    );

    expect(record?.timeUnixNano).toBe(1795298560826000123n);
  });

  test.each([
    ["a number, which has lost its last digits,", 1795298560826000000, 1795298560826000000n],
    ["nothing", undefined, 0n],
    ["a text that is no number", "soon", 0n],
    ["a negative number", -1, 0n],
  ])("takes %s as a time", (_, timeUnixNano, expected) => {
    const [record] = logRecordsOf(logsBody([logRecordJson({}, { timeUnixNano })]));

    expect(record?.timeUnixNano).toBe(expected);
  });

  test("tells records of different resources apart, as a collector puts many into one request", () => {
    const first = logsBody([logRecordJson({ n: 1 })], { resource: { "service.name": "a" } });
    const second = logsBody([logRecordJson({ n: 2 })], { resource: { "service.name": "b" } });
    const records = logRecordsOf({
      resourceLogs: [first["resourceLogs"], second["resourceLogs"]].flat(),
    });

    expect(records.map(({ path, origin }) => [path, origin.serviceName])).toEqual([
      ["resourceLogs[0].scopeLogs[0].logRecords[0]", "a"],
      ["resourceLogs[1].scopeLogs[0].logRecords[0]", "b"],
    ]);
  });

  test.each([
    [null, "the request must be an object"],
    [[], "the request must be an object"],
    [{ resourceLogs: {} }, "resourceLogs must be an array"],
    [{ resourceLogs: [3] }, "resourceLogs[0] must be an object"],
    [
      { resourceLogs: [{ scopeLogs: [{ logRecords: "x" }] }] },
      "resourceLogs[0].scopeLogs[0].logRecords must be an array",
    ],
    [
      { resourceLogs: [{ resource: { attributes: {} } }] },
      "resourceLogs[0].resource.attributes must be an array",
    ],
  ])("says where %j is not an export request", (body, message) => {
    expect(() => logRecordsOf(body)).toThrow(message);
  });

  test.each([{}, { resourceLogs: [] }, { resourceLogs: null }, { resourceSpans: [{}] }])(
    "reads no record from %j",
    (body) => {
      expect(logRecordsOf(body)).toEqual([]);
    },
  );
});

describe("metricPointsOf", () => {
  test.each([
    [{ asInt: "12" }, 12],
    [{ asInt: 12 }, 12],
    [{ asDouble: 12 }, 12],
    [{ asDouble: "Infinity" }, Number.POSITIVE_INFINITY],
    [{}, null],
  ])("reads the value of a point from %j", (value, expected) => {
    const [point] = metricPointsOf(metricsBody([value]));

    expect(point?.value).toBe(expected);
  });

  test.each([
    [1, "delta"],
    [2, "cumulative"],
    [0, "unspecified"],
  ])("reads temporality %i as %s", (temporality, expected) => {
    const [point] = metricPointsOf(metricsBody([{ asInt: 1 }], { temporality }));

    expect(point?.temporality).toBe(expected);
  });
});
