import type { OtlpAttribute, OtlpLog } from "./otlp-records.ts";

/**
 * Writes an `ExportLogsServiceRequest` (opentelemetry-proto v1) byte by byte: the wire format by its
 * specification, with nothing of the decoder that reads it.
 */
export function logsProtobuf(scope: string, logs: readonly OtlpLog[]): Uint8Array {
  const scopeLogs = message([
    [1, message([[1, Buffer.from(scope)]])],
    ...logs.map((log) => [2, logRecord(log)] as const),
  ]);
  return message([[1, message([[2, scopeLogs]])]]);
}

const FIXED64 = 1;
const LENGTH_DELIMITED = 2;

function logRecord({ timeUnixNano, body, attributes }: OtlpLog): Buffer {
  return Buffer.concat([
    fixed64(1, timeUnixNano),
    field(5, message([[1, Buffer.from(body)]])),
    ...attributes.map((attribute) => field(6, keyValue(attribute))),
    fixed64(11, timeUnixNano),
  ]);
}

function keyValue({ key, value }: OtlpAttribute): Buffer {
  const any =
    typeof value === "number"
      ? Buffer.from([3 << 3, ...varint(value)])
      : message([[1, Buffer.from(value)]]);
  return message([
    [1, Buffer.from(key)],
    [2, any],
  ]);
}

function message(fields: readonly (readonly [number: number, bytes: Buffer])[]): Buffer {
  return Buffer.concat(fields.flatMap(([number, bytes]) => [head(number, bytes.length), bytes]));
}

function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([head(number, bytes.length), bytes]);
}

function head(number: number, length: number): Buffer {
  return Buffer.from([(number << 3) | LENGTH_DELIMITED, ...varint(length)]);
}

function fixed64(number: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(9);
  bytes[0] = (number << 3) | FIXED64;
  bytes.writeBigUInt64LE(value, 1);
  return bytes;
}

function varint(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}
