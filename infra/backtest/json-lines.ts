import { textLines } from "../../functions/import-drops/text-lines.ts";
import { parseBoundedJson } from "../../shared/wire/bounded-json.ts";
import type { JsonRecord } from "../../shared/wire/json-batch.ts";
import type { ReadingProgress } from "./line-tally.ts";

const LIMITS = { maxDepth: 32, maxValues: 5_000 };
const LONGEST_LINE_BYTES = 1024 * 1024;
const TELL_EVERY = 5_000;

/** The records of a file with one JSON object a line, each at its line. Empty lines are left out. */
export async function* jsonLines(
  chunks: AsyncIterable<Uint8Array>,
  onProgress: ReadingProgress,
): AsyncGenerator<{ readonly line: number; readonly record: JsonRecord }> {
  let bytes = 0;
  let lines = 0;
  const counted = async function* () {
    for await (const chunk of chunks) {
      bytes += chunk.byteLength;
      yield chunk;
    }
  };
  for await (const { number, line } of textLines(counted(), LONGEST_LINE_BYTES)) {
    lines += 1;
    if (lines % TELL_EVERY === 0) {
      onProgress(bytes, lines);
    }
    yield { line: number, record: line.kind === "text" ? recordOf(line.text) : malformed(line) };
  }
  onProgress(bytes, lines);
}

function recordOf(text: string): JsonRecord {
  const parsed = parseBoundedJson(text, LIMITS);
  return parsed.kind === "json" ? { kind: "value", value: parsed.value } : parsed;
}

function malformed({ message }: { readonly message: string }): JsonRecord {
  return { kind: "malformed", message };
}
