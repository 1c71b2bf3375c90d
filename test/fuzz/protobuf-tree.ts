import { byteReader } from "../../shared/otlp/byte-reader.ts";
import { varint } from "../support/protobuf-encode.ts";

/** A field of wire format, of whatever schema: what could be a message is taken for one. */
export type WireField = {
  readonly number: number;
  readonly wireType: number;
  readonly content: Buffer | readonly WireField[];
};

const LENGTH_DELIMITED = 2;
const FIXED_LENGTHS: ReadonlyMap<number, number> = new Map([
  [1, 8],
  [5, 4],
]);
const SHORTEST_MESSAGE = 2;

/** `undefined` if the bytes are no message. */
export function wireFields(bytes: Buffer): readonly WireField[] | undefined {
  const reader = byteReader(bytes);
  const fields: WireField[] = [];
  try {
    while (reader.position() < bytes.length) {
      const tag = reader.varint(bytes.length);
      const number = tag >>> 3;
      const wireType = tag & 7;
      const content = contentOf(bytes, reader, wireType);
      if (number === 0 || content === undefined) {
        return undefined;
      }
      fields.push({ number, wireType, content });
    }
  } catch {
    return undefined;
  }
  return fields;
}

function contentOf(
  bytes: Buffer,
  reader: ReturnType<typeof byteReader>,
  wireType: number,
): WireField["content"] | undefined {
  if (wireType === LENGTH_DELIMITED) {
    const length = reader.varint(bytes.length);
    const start = reader.take(length, bytes.length);
    const content = bytes.subarray(start, start + length);
    return content.length < SHORTEST_MESSAGE ? content : (wireFields(content) ?? content);
  }
  const start = reader.position();
  if (wireType === 0) {
    reader.varint64(bytes.length);
    return bytes.subarray(start, reader.position());
  }
  const length = FIXED_LENGTHS.get(wireType);
  if (length === undefined) {
    return undefined;
  }
  reader.take(length, bytes.length);
  return bytes.subarray(start, start + length);
}

export function wireBytes(fields: readonly WireField[]): Buffer {
  return Buffer.concat(
    fields.flatMap(({ number, wireType, content }) => {
      const tag = varint(BigInt(number * 8 + wireType));
      const bytes = Buffer.isBuffer(content) ? content : wireBytes(content as readonly WireField[]);
      return wireType === LENGTH_DELIMITED
        ? [tag, varint(BigInt(bytes.length)), bytes]
        : [tag, bytes];
    }),
  );
}
