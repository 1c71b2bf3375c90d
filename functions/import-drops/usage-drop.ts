import type { Settings } from "../../shared/directory/settings.ts";
import type { IdentityHash } from "../../shared/ports/pseudonyms.ts";
import type { ParsedBatch } from "../../shared/usage/parsed-batch.ts";
import { RefusedFileError, type UsageDropFormat } from "../../shared/usage/usage-drop.ts";
import { USAGE_DROP_FORMATS } from "../../shared/usage/usage-drop-formats.ts";
import type { SentUsage } from "../../shared/usage/usage-event.ts";
import type { Drops } from "../adapters/s3-drops.ts";
import type { KnownSender } from "../http/sender.ts";
import { recordUsage, type UsageStores } from "../ingest-usage/record-usage.ts";
import { type DropReport, refused } from "./drop-report.ts";
import { importUsage } from "./import-usage.ts";

export type UsageDropDeps = UsageStores & {
  readonly drops: Drops;
  readonly hash: IdentityHash;
  readonly settings: Pick<Settings, "kiro">;
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

/** Imports a file with usage. A line with a fault is left out, and counted; the other lines are good. */
export async function importUsageDrop(object: UsageDrop, deps: UsageDropDeps): Promise<DropReport> {
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
  try {
    const record = (batch: ParsedBatch<SentUsage>) => recordUsage(batch, OWNER_OF_BUCKET, deps);
    return { drop: "imported", ...(await importUsage({ bytes: drop.bytes, reader, record })) };
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
