import {
  type ByteReader,
  byteReader,
  ProtobufDecodeError,
  type ScalarType,
} from "./byte-reader.ts";

export type Field = {
  readonly name: string;
  /** A function for a message, as messages may contain themselves. */
  readonly type: ScalarType | (() => MessageSchema);
  readonly repeated?: boolean;
};

/** Field number to field. Numbers that are not listed are skipped. */
export type MessageSchema = Readonly<Record<number, Field>>;

/** A message in the JSON mapping: 64-bit integers are decimal strings. */
export type DecodedMessage = { [name: string]: DecodedValue };
export type DecodedValue = string | number | boolean | DecodedMessage | DecodedValue[];

export type DecodeLimits = {
  readonly maxDepth: number;
  /** Most messages in one body: two bytes are enough to ask for an object. */
  readonly maxMessages: number;
};

const DEFAULT_LIMITS: DecodeLimits = { maxDepth: 32, maxMessages: 1_000_000 };

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

const WIRE_TYPES: Readonly<Record<ScalarType, number>> = {
  string: LENGTH_DELIMITED,
  hex: LENGTH_DELIMITED,
  base64: LENGTH_DELIMITED,
  bool: VARINT,
  uint32: VARINT,
  int64: VARINT,
  double: FIXED64,
  fixed64: FIXED64,
  sfixed64: FIXED64,
  fixed32: FIXED32,
};

/**
 * Decodes Protocol Buffers wire format (protobuf.dev/programming-guides/encoding) into the JSON
 * mapping of the schema. Fields at their default are absent, as in the bytes; of a singular field
 * that comes twice, the last one counts.
 *
 * @throws {ProtobufDecodeError} on any bytes that do not fit; nothing else is ever thrown.
 */
export function decodeProtobuf(
  bytes: Uint8Array,
  schema: MessageSchema,
  limits: DecodeLimits = DEFAULT_LIMITS,
): DecodedMessage {
  const reader = byteReader(bytes);
  let messages = 0;

  const message = (fields: MessageSchema, end: number, depth: number): DecodedMessage => {
    messages += 1;
    if (depth > limits.maxDepth || messages > limits.maxMessages) {
      throw new ProtobufDecodeError("message is nested too deep, or has too many parts");
    }
    const decoded: DecodedMessage = {};
    while (reader.position() < end) {
      const tag = reader.varint(end);
      const field = fields[tag >>> 3];
      if (field === undefined) {
        skip(reader, tag, end);
      } else {
        addField(decoded, field, tag & 7, end, depth);
      }
    }
    return decoded;
  };

  const addField = (
    into: DecodedMessage,
    field: Field,
    wireType: number,
    end: number,
    depth: number,
  ): void => {
    const { type } = field;
    if (typeof type === "function") {
      expectWireType(field, wireType, LENGTH_DELIMITED);
      add(into, field, message(type(), reader.lengthPrefixedEnd(end), depth + 1));
      return;
    }
    if (isPacked(field, type, wireType)) {
      const packedEnd = reader.lengthPrefixedEnd(end);
      while (reader.position() < packedEnd) {
        add(into, field, reader.scalar(type, packedEnd));
      }
      return;
    }
    expectWireType(field, wireType, WIRE_TYPES[type]);
    add(into, field, reader.scalar(type, end));
  };

  return message(schema, bytes.length, 0);
}

function add(into: DecodedMessage, field: Field, value: DecodedValue): void {
  if (field.repeated !== true) {
    into[field.name] = value;
    return;
  }
  const list = into[field.name];
  if (Array.isArray(list)) {
    list.push(value);
  } else {
    into[field.name] = [value];
  }
}

function isPacked(field: Field, type: ScalarType, wireType: number): boolean {
  return (
    field.repeated === true &&
    wireType === LENGTH_DELIMITED &&
    WIRE_TYPES[type] !== LENGTH_DELIMITED
  );
}

function expectWireType(field: Field, actual: number, expected: number): void {
  if (actual !== expected) {
    throw new ProtobufDecodeError(`${field.name} must have wire type ${expected}, got ${actual}`);
  }
}

function skip(reader: ByteReader, tag: number, end: number): void {
  if (tag >>> 3 === 0) {
    throw new ProtobufDecodeError("field number 0 does not exist");
  }
  switch (tag & 7) {
    case VARINT:
      reader.varint64(end);
      return;
    case FIXED64:
      reader.take(8, end);
      return;
    case LENGTH_DELIMITED:
      reader.take(reader.varint(end), end);
      return;
    case FIXED32:
      reader.take(4, end);
      return;
    default:
      throw new ProtobufDecodeError(`unknown wire type ${tag & 7}`);
  }
}
