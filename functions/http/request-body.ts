import { gunzipSync } from "node:zlib";

/**
 * Inflated in pieces of this size, and at once: a function has one request at a time. zlib's own 16 KiB,
 * each by way of another thread, make a thousand waits of a bomb.
 */
const PIECE_BYTES = 256 * 1024;

export type BodyLimits = {
  /** Largest body after inflation, in bytes. */
  readonly maxBytes: number;
  /** Most that a compressed body may grow. */
  readonly maxRatio: number;
};

export type RequestBytes =
  | { readonly kind: "body"; readonly bytes: Buffer }
  | { readonly kind: "refused"; readonly status: 400 | 413; readonly message: string };

/** The part of an API Gateway event (payload format 2.0) that holds the body. */
export type BodyOfEvent = {
  readonly body?: string | undefined;
  readonly isBase64Encoded?: boolean | undefined;
};

/** 20 MiB is what the OpenTelemetry Collector allows by default, counted after inflation as well. */
const DEFAULT_LIMITS: BodyLimits = { maxBytes: 20 * 1024 * 1024, maxRatio: 200 };

/**
 * The very bytes that were sent. For whom a signature over them has to be checked first: nothing is
 * inflated for a sender whom nobody knows yet.
 */
export function sentBytes(
  { body, isBase64Encoded }: BodyOfEvent,
  { maxBytes }: BodyLimits = DEFAULT_LIMITS,
): RequestBytes {
  const bytes = Buffer.from(body ?? "", isBase64Encoded === true ? "base64" : "utf8");
  return bytes.length > maxBytes ? tooLarge(maxBytes) : { kind: "body", bytes };
}

/**
 * The bytes that were sent, inflated if they are gzip.
 *
 * What the bytes are decides, not the `Content-Encoding` header: a gateway may inflate a body and
 * leave the header as it was.
 */
export function requestBytes(
  event: BodyOfEvent,
  limits: BodyLimits = DEFAULT_LIMITS,
): RequestBytes {
  const sent = sentBytes(event, limits);
  return sent.kind === "body" && isGzip(sent.bytes) ? inflated(sent.bytes, limits) : sent;
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function inflated(bytes: Buffer, limits: BodyLimits): RequestBytes {
  const { maxBytes, maxRatio } = limits;
  const maxGrown = bytes.length * maxRatio;
  const maxOutputLength = Math.min(maxBytes, maxGrown);
  try {
    return { kind: "body", bytes: gunzipSync(bytes, { maxOutputLength, chunkSize: PIECE_BYTES }) };
  } catch (error) {
    if (!isOverflow(error)) {
      return { kind: "refused", status: 400, message: "body is not valid gzip" };
    }
    return maxGrown < maxBytes ? grewTooMuch(maxRatio) : tooLarge(maxBytes);
  }
}

function isOverflow(error: unknown): boolean {
  return error instanceof RangeError && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}

function grewTooMuch(maxRatio: number): RequestBytes {
  return {
    kind: "refused",
    status: 413,
    message: `body must not grow more than ${maxRatio} times on inflation`,
  };
}

function tooLarge(maxBytes: number): RequestBytes {
  return {
    kind: "refused",
    status: 413,
    message: `body must not be larger than ${maxBytes} bytes after inflation`,
  };
}
