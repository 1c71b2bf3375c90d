/** The two encodings of OTLP over HTTP. */
export type OtlpEncoding = "json" | "protobuf";
export type OtlpSignal = "logs" | "metrics" | "traces";

/** What a receiver has to say about the records that it did not simply take. */
export type PartialSuccess = {
  /** Records that are lost for good: the sender must not send them again. May be 0: then it is a warning. */
  readonly rejected: number;
  readonly message: string;
};

/** `google.rpc.Code`, as far as a receiver needs it. */
export const RPC_CODES = {
  INVALID_ARGUMENT: 3,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  UNAVAILABLE: 14,
} as const;
export type RpcCode = (typeof RPC_CODES)[keyof typeof RPC_CODES];

const REJECTED_FIELDS: Readonly<Record<OtlpSignal, string>> = {
  logs: "rejectedLogRecords",
  metrics: "rejectedDataPoints",
  traces: "rejectedSpans",
};

/**
 * Writes an `ExportLogsServiceResponse`, or that of another signal. Without a partial success it is
 * the empty message, as the OTLP specification asks for on full success.
 */
export function encodeExportResponse(
  encoding: OtlpEncoding,
  signal: OtlpSignal,
  partial?: PartialSuccess,
): Uint8Array {
  if (encoding === "json") {
    return utf8(JSON.stringify(partial === undefined ? {} : jsonPartial(signal, partial)));
  }
  if (partial === undefined) {
    return new Uint8Array();
  }
  return lengthDelimited(1, [
    ...varintField(1, partial.rejected),
    ...lengthDelimited(2, utf8(partial.message)),
  ]);
}

/** Writes a `google.rpc.Status`: the body of every OTLP answer that is not a success. */
export function encodeStatus(encoding: OtlpEncoding, code: RpcCode, message: string): Uint8Array {
  return encoding === "json"
    ? utf8(JSON.stringify({ code, message }))
    : Uint8Array.from([...varintField(1, code), ...lengthDelimited(2, utf8(message))]);
}

function jsonPartial(signal: OtlpSignal, { rejected, message }: PartialSuccess) {
  return {
    partialSuccess: { [REJECTED_FIELDS[signal]]: String(rejected), errorMessage: message },
  };
}

function varintField(field: number, value: number): readonly number[] {
  return value === 0 ? [] : [field << 3, ...varint(value)];
}

function lengthDelimited(field: number, content: Iterable<number>): Uint8Array {
  const bytes = [...content];
  return bytes.length === 0
    ? new Uint8Array()
    : Uint8Array.from([(field << 3) | 2, ...varint(bytes.length), ...bytes]);
}

function varint(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value % 0x80) + 0x80, ...varint(Math.floor(value / 0x80))];
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
