/**
 * The value of an attribute (OTLP `AnyValue`). `null` is the empty value. Integers outside of
 * ±2^53 are `bigint`; key-value lists are lists of `[key, value]` pairs; bytes are their base64 text.
 */
export type AttributeValue = string | number | bigint | boolean | null | readonly AttributeValue[];

export type Attributes = ReadonlyMap<string, AttributeValue>;

type JsonObject = Readonly<Record<string, unknown>>;

const INTEGER = /^-?\d{1,20}$/;

/** Attributes from their OTLP/JSON form. Entries without a key are dropped; of equal keys the last one counts. */
export function attributesOf(list: readonly unknown[]): Attributes {
  const attributes = new Map<string, AttributeValue>();
  for (const entry of list) {
    if (isObject(entry) && typeof entry["key"] === "string") {
      attributes.set(entry["key"], attributeValue(entry["value"]));
    }
  }
  return attributes;
}

/**
 * Reads an `AnyValue` from its OTLP/JSON form. Takes integers as numbers or as decimal strings, and
 * numbers as `"NaN"` and `"Infinity"`; what is not the number it claims to be stays a text.
 */
export function attributeValue(value: unknown): AttributeValue {
  if (!isObject(value)) {
    return null;
  }
  const kind = Object.keys(value).find((name) => READERS.has(name)) ?? "";
  return READERS.get(kind)?.(value[kind]) ?? null;
}

const READERS: ReadonlyMap<string, (value: unknown) => AttributeValue> = new Map([
  ["stringValue", (value) => (typeof value === "string" ? value : null)],
  ["boolValue", (value) => (typeof value === "boolean" ? value : null)],
  ["intValue", integerValue],
  ["doubleValue", doubleValue],
  ["bytesValue", (value) => (typeof value === "string" ? value : null)],
  ["arrayValue", (value) => valuesOf(value).map(attributeValue)],
  ["kvlistValue", (value) => valuesOf(value).map(pairValue)],
]);

/** A 64-bit integer in JSON: a number, or a decimal string. */
export function integerValue(value: unknown): AttributeValue {
  if (typeof value !== "string") {
    return typeof value === "number" ? value : null;
  }
  if (!INTEGER.test(value)) {
    return value;
  }
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt(value);
}

/** A double in JSON: a number, or a string such as `"NaN"`. */
export function doubleValue(value: unknown): AttributeValue {
  if (typeof value === "string" && value.trim() !== "") {
    return value === "NaN" || !Number.isNaN(Number(value)) ? Number(value) : value;
  }
  return typeof value === "number" ? value : null;
}

/** One text for equal attributes, whatever their order and encoding. For hashing, as it holds every value. */
export function canonicalAttributes(attributes: Attributes): string {
  return [...attributes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${JSON.stringify(key)}:${canonicalValue(value)}`)
    .join(",");
}

function canonicalValue(value: AttributeValue): string {
  if (typeof value === "string") {
    return JSON.stringify(value);
  }
  return isList(value) ? `[${value.map(canonicalValue).join(",")}]` : String(value);
}

function isList(value: AttributeValue): value is readonly AttributeValue[] {
  return Array.isArray(value);
}

function pairValue(entry: unknown): AttributeValue {
  return isObject(entry)
    ? [typeof entry["key"] === "string" ? entry["key"] : null, attributeValue(entry["value"])]
    : null;
}

function valuesOf(value: unknown): readonly unknown[] {
  return isObject(value) && Array.isArray(value["values"]) ? value["values"] : [];
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
