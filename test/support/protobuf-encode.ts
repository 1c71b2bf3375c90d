import type { ScalarType } from "../../shared/otlp/byte-reader.ts";
import type { Field, MessageSchema } from "../../shared/otlp/protobuf-decode.ts";

/** A field of a known number, before it is bytes. */
type NumberedField = { readonly number: number; readonly field: Field; readonly value: unknown };

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/**
 * Encodes a message in the JSON mapping of a schema as Protocol Buffers wire format. What the schema
 * does not know is left out; what is not of its type is written as best it can be.
 */
export function encodeProtobuf(message: unknown, schema: MessageSchema): Buffer {
  return Buffer.concat(numberedFields(message, schema).map(encodeField));
}

function numberedFields(message: unknown, schema: MessageSchema): readonly NumberedField[] {
  const object = typeof message === "object" && message !== null ? message : {};
  const given = new Map<string, unknown>(Object.entries(object));
  return Object.entries(schema).flatMap(([number, field]) => {
    const value = given.get(field.name);
    const values = field.repeated === true && Array.isArray(value) ? value : [value];
    return values
      .filter((one) => one !== undefined && one !== null)
      .map((one: unknown) => ({ number: Number(number), field, value: one }));
  });
}

function encodeField({ number, field: { type }, value }: NumberedField): Buffer {
  if (typeof type === "function") {
    return lengthDelimited(number, encodeProtobuf(value, type()));
  }
  return encodeScalar(number, type, value);
}

function encodeScalar(number: number, type: ScalarType, value: unknown): Buffer {
  switch (type) {
    case "string":
      return lengthDelimited(number, Buffer.from(textOf(value)));
    case "hex":
      return lengthDelimited(number, Buffer.from(textOf(value), "hex"));
    case "base64":
      return lengthDelimited(number, Buffer.from(textOf(value), "base64"));
    case "bool":
      return Buffer.concat([tag(number, VARINT), varint(value === true ? 1n : 0n)]);
    case "uint32":
    case "int64":
      return Buffer.concat([tag(number, VARINT), varint(integerOf(value))]);
    case "fixed32":
      return Buffer.concat([tag(number, FIXED32), littleEndian(integerOf(value), 4)]);
    case "fixed64":
    case "sfixed64":
      return Buffer.concat([tag(number, FIXED64), littleEndian(integerOf(value), 8)]);
    case "double":
      return Buffer.concat([tag(number, FIXED64), double(Number(value))]);
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** In 64 bits; 0 for what is no whole number. */
function integerOf(value: unknown): bigint {
  const text = String(value);
  return /^-?\d{1,20}$/.test(text) ? BigInt.asUintN(64, BigInt(text)) : 0n;
}

function lengthDelimited(number: number, content: Buffer): Buffer {
  return Buffer.concat([tag(number, LENGTH_DELIMITED), varint(BigInt(content.length)), content]);
}

function tag(number: number, wireType: number): Buffer {
  return varint(BigInt(number * 8 + wireType));
}

export function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}

function littleEndian(value: bigint, length: 4 | 8): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes.subarray(0, length);
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}
