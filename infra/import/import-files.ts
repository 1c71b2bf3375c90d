import { createReadStream } from "node:fs";
import { inParallel } from "../../functions/adapters/in-parallel.ts";
import type { KnownSender } from "../../functions/http/sender.ts";
import {
  type DirectoryDropDeps,
  importDirectoryDrop,
} from "../../functions/import-drops/directory-drop.ts";
import { importUsage } from "../../functions/import-drops/import-usage.ts";
import { recordUsage, type UsageStores } from "../../functions/ingest-usage/record-usage.ts";
import type { UsageCounts } from "../../functions/ingest-usage/usage-counts.ts";
import type { IdentityHash } from "../../shared/ports/pseudonyms.ts";
import { RefusedFileError } from "../../shared/usage/usage-drop.ts";
import { USAGE_DROP_FORMATS } from "../../shared/usage/usage-drop-formats.ts";
import { DIRECTORY_FOLDER, type FoundFile } from "./find-files.ts";

export type ImportFilesDeps = UsageStores &
  Omit<DirectoryDropDeps, "pseudonymise"> & {
    readonly hash: IdentityHash;
    /** Whose usage it is where neither lines nor place say so. */
    readonly subject: string;
    readonly onProgress: (bytesRead: number, counts: UsageCounts) => void;
    /** Asked before each file and each batch. */
    readonly isStopped: () => boolean;
  };

export type ImportedFiles = {
  readonly files: number;
  readonly counts: UsageCounts;
  /** Lines without usage, by name. */
  readonly ignored: ReadonlyMap<string, number>;
  readonly faults: readonly FileFault[];
  readonly people: number;
  readonly isStopped: boolean;
};

/** What is wrong in a file. Never quotes it. */
export type FileFault = { readonly file: string; readonly line: number; readonly message: string };

const FILES_AT_ONCE = 4;

/** Whoever can read the files is believed. */
const OWNER_OF_DISK: KnownSender = { kind: "sender", keyId: "import", source: "any" };

/** Thrown between two batches: what was imported until then stays. */
class StoppedError extends Error {
  override readonly name = "StoppedError";
}

/** Imports files as the drop bucket's function does. Importing them again changes nothing. */
export async function importFiles(
  files: readonly FoundFile[],
  deps: ImportFilesDeps,
): Promise<ImportedFiles> {
  const sum = newSum();
  const tell = () => deps.onProgress(sum.bytesRead(), sum.counts);
  try {
    await inParallel(files, FILES_AT_ONCE, async (file) => {
      requireGoing(deps);
      await importFile(file, deps, sum, tell);
      sum.files += 1;
      tell();
    });
  } catch (error) {
    if (!(error instanceof StoppedError)) {
      throw error;
    }
  }
  const { counts, ignored, faults, people } = sum;
  return { files: sum.files, counts, ignored, faults, people, isStopped: deps.isStopped() };
}

async function importFile(
  found: FoundFile,
  deps: ImportFilesDeps,
  sum: Sum,
  tell: () => void,
): Promise<void> {
  const bytes = createReadStream(found.file, { highWaterMark: 1 << 20 });
  try {
    if (found.folder === DIRECTORY_FOLDER) {
      const report = await importDirectoryDrop(bytes, deps);
      sum.people += "rows" in report ? report.rows : 0;
      sum.fault(found.file, report.drop === "refused" ? report.faults : []);
    } else {
      await importUsageFile(found, bytes, deps, sum, tell);
    }
  } catch (error) {
    if (!(error instanceof RefusedFileError)) {
      throw error;
    }
    sum.fault(found.file, [{ line: 1, message: error.message }]);
  } finally {
    bytes.destroy();
    sum.read.set(found.file, found.bytes);
  }
}

async function importUsageFile(
  { file, folder, path, asOfMs }: FoundFile,
  bytes: AsyncIterable<Uint8Array>,
  deps: ImportFilesDeps,
  sum: Sum,
  tell: () => void,
): Promise<void> {
  const format = USAGE_DROP_FORMATS.get(folder);
  const selection = format?.select(path);
  if (format === undefined || selection?.kind !== "read") {
    return;
  }
  const { subject = deps.subject } = selection;
  const { hash, nowMs } = deps;
  const imported = await importUsage({
    bytes,
    reader: format.reader({ nowMs: nowMs(), asOfMs, path, hash, subject }),
    record: async (batch) => {
      requireGoing(deps);
      const recorded = await recordUsage(batch, OWNER_OF_DISK, deps);
      sum.add(recorded.counts);
      tell();
      return recorded;
    },
    onProgress: (bytesRead) => {
      sum.read.set(file, bytesRead);
      tell();
    },
  });
  sum.ignore(imported.ignored);
  sum.fault(file, imported.faults);
}

function requireGoing({ isStopped }: ImportFilesDeps): void {
  if (isStopped()) {
    throw new StoppedError();
  }
}

type Sum = ReturnType<typeof newSum>;

const MOST_FAULTS = 20;

function newSum() {
  const counts = { received: 0, committed: 0, duplicate: 0, quarantined: 0, rejected: 0 };
  const ignored = new Map<string, number>();
  const faults: FileFault[] = [];
  const read = new Map<string, number>();
  return {
    files: 0,
    people: 0,
    counts,
    ignored,
    faults,
    read,
    bytesRead: () => [...read.values()].reduce((total, bytes) => total + bytes, 0),
    add: (more: UsageCounts) => {
      counts.received += more.received;
      counts.committed += more.committed;
      counts.duplicate += more.duplicate;
      counts.quarantined += more.quarantined;
      counts.rejected += more.rejected;
    },
    ignore: (more: ReadonlyMap<string, number>) => {
      for (const [name, times] of more) {
        ignored.set(name, (ignored.get(name) ?? 0) + times);
      }
    },
    fault: (file: string, more: readonly { readonly line: number; readonly message: string }[]) => {
      for (const { line, message } of more.slice(0, MOST_FAULTS - faults.length)) {
        faults.push({ file, line, message });
      }
    },
  };
}
