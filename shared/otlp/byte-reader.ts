/** How the bytes of a field are read, named as in the Protocol Buffers language. */
export type ScalarType =
  | "string"
  | "bool"
  | "uint32"
  | "int64"
  | "double"
  | "fixed32"
  | "fixed64"
  | "sfixed64"
  /** `bytes`, written as lower-case hexadecimal: OTLP/JSON does so for trace and span ids. */
  | "hex"
  /** `bytes`, written as base64: the JSON mapping of all other bytes. */
  | "base64";

/** Thrown for bytes that are not a message of the schema, or more of one than is allowed. */
export class ProtobufDecodeError extends Error {
  override readonly name = "ProtobufDecodeError";
}

const MAX_UINT32 = 0xffff_ffffn;

export type ByteReader = ReturnType<typeof byteReader>;

/** Reads onwards through the bytes. Every read is checked against the end of the enclosing message. */
export function byteReader(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = new TextDecoder();
  let at = 0;

  const take = (length: number, end: number): number => {
    if (at + length > end) {
      throw new ProtobufDecodeError("field is cut off");
    }
    const start = at;
    at += length;
    return start;
  };

  const varint64 = (end: number): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = view.getUint8(take(1, end));
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        return BigInt.asUintN(64, value);
      }
    }
    throw new ProtobufDecodeError("varint is longer than ten bytes");
  };

  /** A varint as an unsigned 32-bit number: tags and lengths. */
  const varint = (end: number): number => {
    const first = view.getUint8(take(1, end));
    if (first < 0x80) {
      return first;
    }
    at -= 1;
    const value = varint64(end);
    if (value > MAX_UINT32) {
      throw new ProtobufDecodeError("tag or length does not fit in 32 bits");
    }
    return Number(value);
  };

  const span = (end: number): Uint8Array => {
    const length = varint(end);
    const start = take(length, end);
    return bytes.subarray(start, start + length);
  };

  const scalar = (type: ScalarType, end: number): string | number | boolean => {
    switch (type) {
      case "string":
        return text.decode(span(end));
      case "hex":
        return hex(span(end));
      case "base64":
        return base64(span(end));
      case "bool":
        return varint64(end) !== 0n;
      case "uint32":
        return Number(BigInt.asUintN(32, varint64(end)));
      case "int64":
        return BigInt.asIntN(64, varint64(end)).toString();
      case "double":
        return view.getFloat64(take(8, end), true);
      case "fixed32":
        return view.getUint32(take(4, end), true);
      case "fixed64":
        return view.getBigUint64(take(8, end), true).toString();
      case "sfixed64":
        return view.getBigInt64(take(8, end), true).toString();
    }
  };

  return {
    take,
    varint,
    varint64,
    scalar,
    position: () => at,
    lengthPrefixedEnd: (end: number) => {
      const length = varint(end);
      if (at + length > end) {
        throw new ProtobufDecodeError("message is cut off");
      }
      return at + length;
    },
  };
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
