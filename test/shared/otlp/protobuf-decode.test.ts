import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ProtobufDecodeError } from "../../../shared/otlp/byte-reader.ts";
import { logRecordsOf, metricPointsOf } from "../../../shared/otlp/export-request.ts";
import { decodeProtobuf, type MessageSchema } from "../../../shared/otlp/protobuf-decode.ts";
import {
  EXPORT_LOGS_SERVICE_REQUEST,
  EXPORT_METRICS_SERVICE_REQUEST,
  EXPORT_TRACE_SERVICE_REQUEST,
} from "../../../shared/otlp/protobuf-schema.ts";
import { fixtureBodies, fixtureBytes } from "../../support/otlp-bodies.ts";

const logs = fixtureBytes("claude-code-otel/protobuf.logs.bin");
const metrics = fixtureBytes("claude-code-otel/protobuf.metrics.bin");

/** What is read of any bytes, or the one error that is allowed. */
function decodedOrRefused(bytes: Uint8Array, schema: MessageSchema): unknown {
  try {
    return decodeProtobuf(bytes, schema);
  } catch (error) {
    expect(error).toBeInstanceOf(ProtobufDecodeError);
    return undefined;
  }
}

describe("decodeProtobuf", () => {
  test("reads the same log records from protobuf as from JSON", () => {
    const [decoded] = fixtureBodies("claude-code-otel/protobuf.logs.decoded.json");

    const records = logRecordsOf(decodeProtobuf(logs, EXPORT_LOGS_SERVICE_REQUEST));

    expect(records).toHaveLength(7);
    expect(records).toEqual(logRecordsOf(decoded));
  });

  test("reads the metrics that Claude Code sent into their JSON mapping", () => {
    expect(decodeProtobuf(metrics, EXPORT_METRICS_SERVICE_REQUEST)).toEqual(
      fixtureBodies("claude-code-otel/protobuf.metrics.decoded.json")[0],
    );
  });

  test.each([
    ["a negative int64 of ten bytes", [0x18, 0xfe, ...Array(8).fill(0xff), 0x01], { v: "-2" }],
    ["a double", [0x21, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f], { d: 1 }],
    ["bytes as base64", [0x2a, 3, 0xff, 0x00, 0x10], { b: "/wAQ" }],
    ["bytes of an id as hexadecimal", [0x32, 2, 0xab, 0x01], { h: "ab01" }],
    ["packed numbers", [0x3a, 2, 0x05, 0x07], { n: [5, 7] }],
    ["numbers that are not packed", [0x38, 5, 0x38, 7], { n: [5, 7] }],
    ["fields that are not known", [0x78, 0x96, 0x01, 0x7d, 1, 2, 3, 4, 0x82, 1, 1, 0], {}],
    ["the last of a singular field that comes twice", [0x0a, 1, 0x61, 0x0a, 1, 0x62], { s: "b" }],
  ])("reads %s", (_, bytes, expected) => {
    const schema: MessageSchema = {
      1: { name: "s", type: "string" },
      3: { name: "v", type: "int64" },
      4: { name: "d", type: "double" },
      5: { name: "b", type: "base64" },
      6: { name: "h", type: "hex" },
      7: { name: "n", type: "uint32", repeated: true },
    };

    expect(decodeProtobuf(Uint8Array.from(bytes), schema)).toEqual(expected);
  });

  test.each([
    ["a length past the end", [0x0a, 0x05, 0x61]],
    ["a length that does not fit in 32 bits", [0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f]],
    ["a varint that never ends", [0x08, ...Array(11).fill(0x80)]],
    ["a group, which OTLP does not have", [0x0b, 0x0c]],
    ["field number 0", [0x02, 0x00]],
    ["a number where a message belongs", [0x08, 0x01]],
  ])("refuses %s", (_, bytes) => {
    expect(() => decodeProtobuf(Uint8Array.from(bytes), EXPORT_LOGS_SERVICE_REQUEST)).toThrow(
      ProtobufDecodeError,
    );
  });

  test("refuses nesting without end before the stack runs out", () => {
    const nested: MessageSchema = { 1: { name: "m", type: () => nested } };
    let bytes: readonly number[] = [];
    for (let depth = 0; depth < 40; depth += 1) {
      bytes = [0x0a, bytes.length, ...bytes];
    }

    expect(() => decodeProtobuf(Uint8Array.from(bytes), nested)).toThrow("nested too deep");
  });

  test("refuses a body of nothing but empty messages, which take far more memory than bytes", () => {
    const bytes = new Uint8Array(2_100_000).map((_, at) => (at % 2 === 0 ? 0x0a : 0));

    expect(() => decodeProtobuf(bytes, EXPORT_LOGS_SERVICE_REQUEST)).toThrow("too many parts");
  });

  test("answers or refuses any bytes at all", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        decodedOrRefused(bytes, EXPORT_LOGS_SERVICE_REQUEST);
        decodedOrRefused(bytes, EXPORT_METRICS_SERVICE_REQUEST);
        decodedOrRefused(bytes, EXPORT_TRACE_SERVICE_REQUEST);
      }),
      { numRuns: 3000 },
    );
  });

  test("whatever happens to a real body on its way, it is read or refused", () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(edits, fc.nat(), fc.boolean(), (changes, cut, isLogs) => {
        const original = isLogs ? logs : metrics;
        const bytes = Uint8Array.from(original).slice(
          0,
          cut % 3 === 0 ? cut % original.length : undefined,
        );
        for (const [at, value] of changes) {
          bytes[at % Math.max(1, bytes.length)] = value;
        }

        const request = decodedOrRefused(
          bytes,
          isLogs ? EXPORT_LOGS_SERVICE_REQUEST : EXPORT_METRICS_SERVICE_REQUEST,
        );

        expect(() => (isLogs ? logRecordsOf : metricPointsOf)(request ?? {})).not.toThrow();
      }),
      { numRuns: 3000 },
    );
  });
});
