import { identityHash } from "../../functions/adapters/pseudonyms.ts";
import type { Reading } from "../../shared/usage/reading.ts";
import type { UsageDropFormat, UsageFileContext } from "../../shared/usage/usage-drop.ts";
import type { SentUsage } from "../../shared/usage/usage-event.ts";

/** What a format reads of a file, line by line. */
export function readFile(
  format: UsageDropFormat,
  text: string,
  context: Partial<UsageFileContext> = {},
): readonly Reading[] {
  const reader = format.reader({
    nowMs: Date.parse("2026-11-22T12:00:00Z"),
    asOfMs: Date.parse("2026-11-21T02:00:00Z"),
    path: ["file"],
    hash: identityHash,
    ...context,
  });
  const lines = text.split("\n").map((line, index) => [line, index + 1] as const);
  return [
    ...lines.filter(([line]) => line !== "").flatMap(([line, number]) => reader.read(line, number)),
    ...reader.end(),
  ];
}

/** What of the readings counts. */
export function acceptedOf(readings: readonly Reading[]): readonly SentUsage[] {
  return readings.flatMap((reading) => (reading.kind === "accepted" ? [reading.event] : []));
}
