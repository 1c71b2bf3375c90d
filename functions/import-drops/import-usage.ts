import type { ParsedBatch } from "../../shared/usage/parsed-batch.ts";
import { batchOf, countName, type Reading } from "../../shared/usage/reading.ts";
import type { UsageLineReader } from "../../shared/usage/usage-drop.ts";
import type { SentUsage } from "../../shared/usage/usage-event.ts";
import type { UsageCounts } from "../ingest-usage/usage-counts.ts";
import { CutOffError, inflated } from "./inflated.ts";
import { jsonElements } from "./json-elements.ts";
import { type TextLine, textLines } from "./text-lines.ts";

/** What is wrong with a line. Never quotes it. */
export type LineFault = { readonly line: number; readonly path: string; readonly message: string };

export type ImportedUsage = {
  readonly counts: UsageCounts;
  /** Records without usage, by name. */
  readonly ignored: ReadonlyMap<string, number>;
  /** The first of those that were rejected. */
  readonly faults: readonly LineFault[];
  /** Set if there was no time for the rest: all up to this line is durable. */
  readonly unfinishedAfterLine?: number;
};

export type UsageImport = {
  /** Of the file as it is stored: plain, or gzip. */
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly reader: UsageLineReader;
  /** Makes a batch durable; returns only then. */
  readonly record: (batch: ParsedBatch<SentUsage>) => Promise<{ readonly counts: UsageCounts }>;
  /** Told how many stored bytes have been taken so far. */
  readonly onProgress?: (bytesRead: number) => void;
  /** Told after each batch up to which line all is durable, so that a later import can go on from there. */
  readonly onRecorded?: (line: number) => Promise<void>;
  /** Up to where an earlier import came. These lines are read again, as later ones may need them, and not recorded. */
  readonly afterLine?: number;
  /** Asked after each batch. */
  readonly hasTime?: () => boolean;
};

/** Records of one call of the ledger. More would hold more memory, and save no writes. */
const BATCH_SIZE = 500;
const REPORTED_FAULTS = 20;
/** The last line of a file that was cut off, or is still being written. */
const UNFINISHED_LINE = "unfinished-last-line";

type LineReading = { readonly line: number; readonly reading: Reading };

/**
 * Imports the usage that a file holds, whatever its size: no more than a batch of it is in memory, and none is
 * read while a batch is being recorded. A bad line spoils only itself. Importing again changes nothing.
 *
 * @throws whatever `bytes` and `record` throw. All batches recorded until then stay.
 */
export async function importUsage(source: UsageImport): Promise<ImportedUsage> {
  const tally = newTally();
  let batch: LineReading[] = [];
  for await (const { line, reading } of readingsOf(source)) {
    if (line <= (source.afterLine ?? 0)) {
      continue;
    }
    if (reading.kind === "ignored") {
      tally.ignore(reading.name);
      continue;
    }
    batch.push({ line, reading });
    if (batch.length >= BATCH_SIZE) {
      await recordBatch(batch, source, tally);
      batch = [];
      // The line itself may say more.
      const durable = line - 1;
      await source.onRecorded?.(durable);
      if (source.hasTime?.() === false) {
        return { ...tally.result(), unfinishedAfterLine: durable };
      }
    }
  }
  await recordBatch(batch, source, tally);
  return tally.result();
}

async function recordBatch(
  batch: readonly LineReading[],
  { record }: UsageImport,
  tally: Tally,
): Promise<void> {
  if (batch.length === 0) {
    return;
  }
  const parsed = batchOf(batch.map(({ reading }) => reading));
  const { counts } = await record(parsed);
  tally.add(counts);
  for (const { index, path, message } of parsed.rejected) {
    tally.fault({ line: batch[index]?.line ?? 0, path, message });
  }
}

async function* readingsOf({
  bytes,
  reader,
  onProgress,
}: UsageImport): AsyncGenerator<LineReading> {
  let line = 0;
  try {
    for await (const textLine of textLines(jsonElements(inflated(counted(bytes, onProgress))))) {
      line = textLine.number;
      for (const reading of readLine(textLine, reader)) {
        yield { line, reading };
      }
    }
  } catch (error) {
    if (!(error instanceof CutOffError)) {
      throw error;
    }
    yield { line: line + 1, reading: { kind: "rejected", path: "", message: error.message } };
  }
  for (const reading of reader.end()) {
    yield { line, reading };
  }
}

function readLine({ line, number, isEnded }: TextLine, reader: UsageLineReader) {
  if (line.kind === "unreadable") {
    return [{ kind: "rejected", path: "", message: line.message } as const];
  }
  const readings = reader.read(line.text, number);
  const isUnfinished = !isEnded && readings.some(({ kind }) => kind === "rejected");
  return isUnfinished ? [{ kind: "ignored", name: UNFINISHED_LINE } as const] : readings;
}

async function* counted(
  bytes: AsyncIterable<Uint8Array>,
  onProgress: UsageImport["onProgress"],
): AsyncGenerator<Uint8Array> {
  let bytesRead = 0;
  for await (const chunk of bytes) {
    bytesRead += chunk.length;
    onProgress?.(bytesRead);
    yield chunk;
  }
}

type Tally = ReturnType<typeof newTally>;

function newTally() {
  const counts = { received: 0, committed: 0, duplicate: 0, quarantined: 0, rejected: 0 };
  const ignored = new Map<string, number>();
  const faults: LineFault[] = [];
  return {
    add: (more: UsageCounts) => {
      counts.received += more.received;
      counts.committed += more.committed;
      counts.duplicate += more.duplicate;
      counts.quarantined += more.quarantined;
      counts.rejected += more.rejected;
    },
    fault: (fault: LineFault) => {
      if (faults.length < REPORTED_FAULTS) {
        faults.push(fault);
      }
    },
    ignore: (name: string) => {
      countName(ignored, name);
    },
    result: (): ImportedUsage => ({ counts, ignored, faults }),
  };
}
