import { type ParsedJson, parseBoundedJson } from "../wire/bounded-json.ts";

/** A record may hold a whole conversation and the schemas of its tools, which are dropped after parsing. */
const LIMITS = { maxDepth: 64, maxValues: 500_000 };

/** One JSON text of a dropped file. The message never quotes it. */
export function parseDropJson(text: string): ParsedJson {
  return parseBoundedJson(text, LIMITS);
}
