/** Thrown where a request is not shaped like an export request. */
export class MalformedExportError extends Error {
  override readonly name = "MalformedExportError";
  readonly path: string;

  constructor(path: string, problem: string) {
    super(`${path === "" ? "the request" : path} ${problem}`);
    this.path = path;
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** An object of a request, and where it stands in it: empty for the request itself. */
export type Located = { readonly path: string; readonly object: JsonObject };

/**
 * The objects of a list, of which a missing one is empty.
 *
 * @throws {MalformedExportError} if it is no list, or holds something else.
 */
export function objectsIn(parent: Located, name: string): readonly Located[] {
  const path = pathOf(parent, name);
  return listIn(parent, name).map((item, index) => ({
    path: `${path}[${index}]`,
    object: objectAt(item, `${path}[${index}]`),
  }));
}

/** The object in a field; a missing one is empty. */
export function objectIn(parent: Located, name: string): Located {
  const path = pathOf(parent, name);
  return { path, object: objectAt(parent.object[name] ?? {}, path) };
}

export function listIn(parent: Located, name: string): readonly unknown[] {
  const list = parent.object[name] ?? [];
  if (!Array.isArray(list)) {
    throw new MalformedExportError(pathOf(parent, name), "must be an array");
  }
  return list;
}

export function objectAt(value: unknown, path: string): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new MalformedExportError(path, "must be an object");
  }
  return value as JsonObject;
}

function pathOf(parent: Located, name: string): string {
  return parent.path === "" ? name : `${parent.path}.${name}`;
}

/** The text in a field, or an empty one. */
export function textIn(object: JsonObject, name: string): string {
  const text = object[name];
  return typeof text === "string" ? text : "";
}

/**
 * Nanoseconds since 1970: past 2^53, and so read as `bigint`. A JSON number has lost its last digits,
 * so it is rounded to the microsecond. What is no such number counts as not given.
 */
export function nanosIn(object: JsonObject, name: string): bigint {
  const value = object[name];
  if (typeof value === "number") {
    return Number.isInteger(value) && value > 0 ? BigInt(Math.round(value / 1000)) * 1000n : 0n;
  }
  return typeof value === "string" && /^\d{1,20}$/.test(value) ? BigInt(value) : 0n;
}
