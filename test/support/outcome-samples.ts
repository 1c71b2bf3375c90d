import { readFileSync } from "node:fs";

/** The bytes of a fixture, such as `gitlab/merge_request.merge.json`. */
export function sampleBytes(path: string): Buffer {
  return readFileSync(new URL(`../fixtures/${path}`, import.meta.url));
}

/** The parsed body of a fixture, with some paths (`object_attributes.action`) set to other values. */
export function samplePayload(path: string, changes: Readonly<Record<string, unknown>> = {}) {
  const payload: Record<string, unknown> = JSON.parse(sampleBytes(path).toString());
  for (const [field, value] of Object.entries(changes)) {
    const keys = field.split(".");
    const last = keys.pop() ?? "";
    // Test data: a path that does not exist fails the test that asks for it.
    const parent = keys.reduce((at, key) => at[key] as Record<string, unknown>, payload);
    parent[last] = value;
  }
  return payload;
}

/** The request headers of a fixture, in lower case as API Gateway gives them. */
export function sampleHeaders(folder: string, file: string): Readonly<Record<string, string>> {
  const all: Record<string, Record<string, string>> = JSON.parse(
    sampleBytes(`${folder}/headers.json`).toString(),
  );
  return Object.fromEntries(
    Object.entries(all[file] ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
