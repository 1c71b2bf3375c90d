import type { SQSEvent } from "aws-lambda";
import { hmacPseudonyms, identityHash } from "../../functions/adapters/pseudonyms.ts";
import { importDropsHandler } from "../../functions/import-drops/import-drops.ts";
import type { Random } from "../../infra/demo/random.ts";
import type { UncountedRecord } from "../../shared/ports/quarantine.ts";
import { aContext } from "../support/api-gateway-events.ts";
import { inMemoryDirectoryStore } from "../support/in-memory-directory-store.ts";
import { inMemoryDropProgress } from "../support/in-memory-drop-progress.ts";
import { inMemoryUsageLedger } from "../support/in-memory-usage-ledger.ts";
import { someSettings } from "../support/settings.ts";
import type { Door } from "./fuzz-target.ts";
import { countFaults } from "./http-answer.ts";
import { packed } from "./http-request.ts";
import { lastCounts } from "./last-counts.ts";
import { callsIn, usageFaults } from "./stored-faults.ts";
import { FUZZ_NOW_MS } from "./usage-door.ts";

const MOST_CHUNKS = 4;

/**
 * The function of import-drops behind its middleware. Every file is new to it: stores are emptied
 * before each. What it logs of a file is looked at by whoever runs this.
 */
export function dropDoor(key: string): Door {
  const metrics = lastCounts();
  let file: Buffer[] = [];
  let ledger = inMemoryUsageLedger();
  let kept: UncountedRecord[] = [];
  const pseudonymise = hmacPseudonyms("0123456789abcdef0123456789abcdef");
  const handler = importDropsHandler({
    drops: {
      open: async () => ({
        kind: "opened",
        bytes: chunksOf(file),
        asOfMs: FUZZ_NOW_MS,
        version: "1",
      }),
    },
    directory: inMemoryDirectoryStore(),
    statements: { put: async () => undefined },
    progress: inMemoryDropProgress(),
    pause: async () => undefined,
    ledger: { append: (events) => ledger.append(events) },
    quarantine: {
      keep: async (record) => {
        kept.push(record);
      },
    },
    pseudonymise: async () => pseudonymise,
    settings: someSettings(),
    hash: identityHash,
    nowMs: () => FUZZ_NOW_MS,
    emitMetrics: metrics.emit,
  });
  return {
    feed: async (body, random) => {
      file = cut(packed(body, random), random);
      ledger = inMemoryUsageLedger();
      kept = [];
      const { batchItemFailures } = await handler(notificationOf(key), aContext());
      const counts = metrics.take();
      const held = kept.flatMap((record) => (record.kind === "usage" ? [record.event] : []));
      const written = ledger.events();
      const holdsUsage = !/^(?:directory|invoices)\//.test(key);
      return {
        answer: answerOf(counts.committed > 0, counts.rejected > 0),
        faults: [
          // The queue would bring the same file again and again.
          ...(batchItemFailures.length === 0 ? [] : ["the file was neither imported nor refused"]),
          ...countFaults({}, counts),
          ...(!holdsUsage || callsIn(written) === counts.committed
            ? []
            : ["written is not what was counted"]),
          ...(held.length === counts.quarantined ? [] : ["held is not what was counted"]),
          ...[...written, ...held].flatMap(usageFaults),
        ],
      };
    },
  };
}

function answerOf(isSomeTaken: boolean, isSomeRefused: boolean): string {
  if (isSomeTaken) {
    return isSomeRefused ? "taken in part" : "taken";
  }
  return isSomeRefused ? "refused" : "nothing in it";
}

function notificationOf(key: string): SQSEvent {
  const records = [{ s3: { bucket: { name: "drops" }, object: { key } } }];
  // As much of a record as the function reads.
  return {
    Records: [{ messageId: "message-0", body: JSON.stringify({ Records: records }) }],
  } as SQSEvent;
}

/** As S3 sends a file: in pieces that end anywhere. */
function cut(bytes: Buffer, random: Random): Buffer[] {
  const ends = Array.from({ length: random.whole(0, MOST_CHUNKS - 1) }, () =>
    random.whole(0, bytes.length),
  ).sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

async function* chunksOf(chunks: readonly Buffer[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
