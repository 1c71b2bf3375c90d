import { describe, expect, test } from "vitest";
import { encodeExportResponse, encodeStatus } from "../../../shared/otlp/export-response.ts";
import { decodeProtobuf, type MessageSchema } from "../../../shared/otlp/protobuf-decode.ts";

// opentelemetry/proto/collector/logs/v1/logs_service.proto and google/rpc/status.proto.
const PARTIAL_SUCCESS: MessageSchema = {
  1: { name: "rejected", type: "int64" },
  2: { name: "errorMessage", type: "string" },
};
const RESPONSE: MessageSchema = { 1: { name: "partialSuccess", type: () => PARTIAL_SUCCESS } };
const STATUS: MessageSchema = {
  1: { name: "code", type: "uint32" },
  2: { name: "message", type: "string" },
};

const json = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

describe("encodeExportResponse", () => {
  test("full success is the empty message, so that clients do not report a fault", () => {
    expect(json(encodeExportResponse("json", "logs"))).toEqual({});
    expect(encodeExportResponse("protobuf", "logs")).toHaveLength(0);
  });

  test("counts rejected log records as a decimal text, the JSON mapping of int64", () => {
    const bytes = encodeExportResponse("json", "logs", { rejected: 3, message: "why" });

    expect(json(bytes)).toEqual({
      partialSuccess: { rejectedLogRecords: "3", errorMessage: "why" },
    });
  });

  test.each([
    ["metrics", "rejectedDataPoints"],
    ["traces", "rejectedSpans"],
  ] as const)("counts what is rejected of %s as %s", (signal, name) => {
    const bytes = encodeExportResponse("json", signal, { rejected: 1, message: "why" });

    expect(json(bytes)).toEqual({ partialSuccess: { [name]: "1", errorMessage: "why" } });
  });

  test.each([0, 1, 127, 128, 16_384, 3_000_000_000])(
    "writes %i rejected records so that protobuf clients read the same number",
    (rejected) => {
      const message = "é".repeat(200);

      const decoded = decodeProtobuf(
        encodeExportResponse("protobuf", "logs", { rejected, message }),
        RESPONSE,
      );

      expect(decoded).toEqual({
        partialSuccess: {
          ...(rejected === 0 ? {} : { rejected: String(rejected) }),
          errorMessage: message,
        },
      });
    },
  );
});

describe("encodeStatus", () => {
  test("says the same in both encodings", () => {
    const expected = { code: 3, message: "resourceLogs must be an array" };

    expect(json(encodeStatus("json", 3, expected.message))).toEqual(expected);
    expect(decodeProtobuf(encodeStatus("protobuf", 3, expected.message), STATUS)).toEqual(expected);
  });
});
