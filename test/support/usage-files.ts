import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { identityHash } from "../../functions/adapters/pseudonyms.ts";
import { batchOf, type Reading } from "../../shared/usage/reading.ts";
import type { UsageDropFormat } from "../../shared/usage/usage-drop.ts";

export type UsageFile = { readonly path: string; readonly lines: readonly string[] };

/** Later than everything in the fixtures. */
export const READ_AT_MS = Date.UTC(2026, 10, 26);

/** Every reading of some files, one after the other, each by a reader of its own. */
export function readUsageFiles(
  format: UsageDropFormat,
  files: readonly UsageFile[],
  nowMs = READ_AT_MS,
) {
  return batchOf(files.flatMap((file) => readingsOf(format, file, nowMs)));
}

function readingsOf(
  format: UsageDropFormat,
  { path, lines }: UsageFile,
  nowMs: number,
): readonly Reading[] {
  const segments = path.split("/");
  const selection = format.select(segments);
  if (selection.kind === "skipped") {
    return [];
  }
  const { subject } = selection;
  const reader = format.reader({
    nowMs,
    asOfMs: nowMs,
    path: segments,
    hash: identityHash,
    ...(subject !== undefined && { subject }),
  });
  return [...lines.flatMap((line, at) => reader.read(line, at + 1)), ...reader.end()];
}

/** The files below a folder, by path. */
export function filesBelow(folder: string): readonly UsageFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({
      path: relative(folder, file).split(sep).join("/"),
      lines: readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line !== ""),
    }));
}
