import type { Settings } from "../../shared/directory/settings.ts";
import type { DropProgressStore } from "../../shared/ports/drop-progress-store.ts";
import type { IdentityHash } from "../../shared/ports/pseudonyms.ts";
import { RefusedFileError, type UsageDropFormat } from "../../shared/usage/usage-drop.ts";
import { USAGE_DROP_FORMATS } from "../../shared/usage/usage-drop-formats.ts";
import type { Drops } from "../adapters/s3-drops.ts";
import type { KnownSender } from "../http/sender.ts";
import { recordUsage, type UsageStores } from "../ingest-usage/record-usage.ts";
import { type DropReport, refused } from "./drop-report.ts";
import { importUsage } from "./import-usage.ts";
import { patiently } from "./patiently.ts";

export type UsageDropDeps = UsageStores & {
  readonly drops: Drops;
  readonly hash: IdentityHash;
  readonly settings: Pick<Settings, "kiro">;
  readonly progress: DropProgressStore;
  readonly pause: (ms: number) => Promise<void>;
};

/** Whoever may write into the bucket may send usage of every tool: it is the account's own. */
const OWNER_OF_BUCKET: KnownSender = { kind: "sender", keyId: "drops", source: "any" };

export const USAGE_FOLDERS: ReadonlySet<string> = new Set(USAGE_DROP_FORMATS.keys());

type UsageDrop = {
  readonly bucket: string;
  readonly key: string;
  readonly folder: string;
  /** Below the folder. */
  readonly path: readonly string[];
};

/** Time to note how far it is, and to answer. */
const STOP_BEFORE_END_MS = 30_000;
const BATCHES_BETWEEN_NOTES = 50;

/**
 * Imports a file with usage. A line with a fault is left out, and counted; the other lines are good. A file that
 * takes longer than one run is gone on with in the next: how far it is, is noted as it goes.
 *
 * @param remainingMs of this run.
 */
export async function importUsageDrop(
  object: UsageDrop,
  deps: UsageDropDeps,
  remainingMs: () => number,
): Promise<DropReport> {
  const format = formatOf(object.folder);
  const selection = format.select(object.path);
  if (selection.kind === "skipped") {
    return { drop: "skipped", reason: selection.name };
  }
  const drop = await deps.drops.open(object.bucket, object.key);
  if (drop.kind === "unreadable") {
    return refused(drop.message);
  }
  const { subject } = selection;
  const reader = format.reader({
    nowMs: deps.nowMs(),
    asOfMs: drop.asOfMs,
    path: object.path,
    hash: deps.hash,
    kiroCreditsIncludeOverage: deps.settings.kiro.creditsIncludeOverage,
    ...(subject !== undefined && { subject }),
  });
  const file = deps.hash(`${object.bucket}/${object.key} ${drop.version}`);
  try {
    const imported = await importUsage({
      bytes: drop.bytes,
      reader,
      record: (batch) => patiently(() => recordUsage(batch, OWNER_OF_BUCKET, deps), deps.pause),
      afterLine: await deps.progress.read(file),
      onRecorded: nowAndThen(BATCHES_BETWEEN_NOTES, (line) => deps.progress.write(file, line)),
      hasTime: () => remainingMs() > STOP_BEFORE_END_MS,
    });
    if (imported.unfinishedAfterLine === undefined) {
      return { drop: "imported", ...imported };
    }
    await deps.progress.write(file, imported.unfinishedAfterLine);
    return { drop: "unfinished", ...imported };
  } catch (error) {
    if (error instanceof RefusedFileError) {
      return refused(error.message);
    }
    throw error;
  }
}

function formatOf(folder: string): UsageDropFormat {
  const format = USAGE_DROP_FORMATS.get(folder);
  if (format === undefined) {
    throw new Error(`no usage is read below ${folder}/`);
  }
  return format;
}

/** Passes every so-manieth call on. */
function nowAndThen(
  every: number,
  call: (line: number) => Promise<void>,
): (line: number) => Promise<void> {
  let calls = 0;
  return async (line) => {
    calls += 1;
    if (calls % every === 0) {
      await call(line);
    }
  };
}
