import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import type { DynamoDBRecord } from "aws-lambda";
import * as z from "zod";
import { draw } from "./draws.ts";
import type { FunctionProcesses } from "./function-processes.ts";

export type RollUpTotals = {
  records: number;
  batches: number;
  repeated: number;
  delayed: number;
  shuffled: number;
  /** Deliveries that failed in part, failed, or died. */
  redelivered: number;
};

export type RollUpRun = {
  readonly totals: Readonly<RollUpTotals>;
  /** Resolves when all that the stream holds by now is rolled up. */
  readonly finish: () => Promise<void>;
};

export type RollUpRunOptions = {
  readonly seed: number;
  readonly read: () => Promise<readonly DynamoDBRecord[]>;
  readonly processes: FunctionProcesses;
  readonly lanes: number;
  /** As in the template. */
  readonly batchSize: number;
  readonly windowMs: number;
};

const POLL_MS = 100;
const REPEATED_SHARE = 0.1;
const DELAYED_SHARE = 0.1;
const SHUFFLED_SHARE = 0.2;
const DELAY_MS = 3_000;
/** With twelve faults in a hundred calls; a batch that never succeeds is a fault of ours. */
const MOST_ATTEMPTS = 200;
const MOST_READ_ATTEMPTS = 10;

const FOR = { repeated: 400, delayed: 401, shuffled: 402, order: 403 };

const BatchResponse = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })),
});

type Batch = {
  readonly records: readonly DynamoDBRecord[];
  readonly notBefore: number;
  readonly attempts: number;
};

/**
 * Feeds the stream to the roll-up function: at least once, and worse ordered than Lambda would.
 * Batches run in parallel lanes, and some come twice, late, or shuffled.
 */
export function rollUpRun(options: RollUpRunOptions): RollUpRun {
  const { seed, read, processes, lanes, batchSize, windowMs } = options;
  const totals: RollUpTotals = {
    records: 0,
    batches: 0,
    repeated: 0,
    delayed: 0,
    shuffled: 0,
    redelivered: 0,
  };
  let buffer: DynamoDBRecord[] = [];
  let windowEnds = 0;
  const queue: Batch[] = [];
  let underWay = 0;
  let finishing = false;
  let failure: unknown;
  let lastError: unknown;

  const deliver = async ({ records, attempts }: Batch) => {
    if (attempts >= MOST_ATTEMPTS) {
      throw new Error(`a batch of the stream failed ${attempts} times`, { cause: lastError });
    }
    const rest = await undone(processes, records, (error) => {
      lastError = error;
    });
    if (rest.length > 0) {
      totals.redelivered += 1;
      queue.push({ records: rest, notBefore: 0, attempts: attempts + 1 });
    }
  };

  const dispatch = () => {
    const now = performance.now();
    while (underWay < lanes) {
      const at = queue.findIndex(({ notBefore }) => finishing || notBefore <= now);
      const [batch] = at < 0 ? [] : queue.splice(at, 1);
      if (batch === undefined) {
        return;
      }
      underWay += 1;
      deliver(batch)
        .catch((error: unknown) => {
          failure ??= error;
        })
        .finally(() => {
          underWay -= 1;
          dispatch();
        });
    }
  };

  const cutBatches = () => {
    const now = performance.now();
    while (buffer.length >= batchSize || (buffer.length > 0 && (finishing || now >= windowEnds))) {
      const records = buffer.slice(0, batchSize);
      buffer = buffer.slice(batchSize);
      windowEnds = now + windowMs;
      queue.push(...disturbed(records, now));
    }
  };

  /** The batch as it may come: shuffled, late, or twice. */
  const disturbed = (records: readonly DynamoDBRecord[], now: number): readonly Batch[] => {
    totals.batches += 1;
    const isOf = (purpose: number, share: number) => draw(seed, totals.batches, purpose) < share;
    const [isShuffled, isDelayed, isRepeated] = [
      isOf(FOR.shuffled, SHUFFLED_SHARE),
      isOf(FOR.delayed, DELAYED_SHARE),
      isOf(FOR.repeated, REPEATED_SHARE),
    ];
    totals.shuffled += Number(isShuffled);
    totals.delayed += Number(isDelayed);
    totals.repeated += Number(isRepeated);
    const first: Batch = {
      records: isShuffled ? shuffled(seed, records) : records,
      notBefore: isDelayed ? now + DELAY_MS : 0,
      attempts: 0,
    };
    const again = { ...first, records, notBefore: isDelayed ? 0 : now + DELAY_MS };
    return isRepeated ? [first, again] : [first];
  };

  /** Takes in what is new, and answers whether there is nothing left to do. */
  const step = async (): Promise<"working" | "waiting" | "done"> => {
    // Behind: what waits in the stream is gathered into fewer recomputations.
    const records = queue.length < lanes || finishing ? await readPatiently(read) : [];
    if (buffer.length === 0) {
      windowEnds = performance.now() + windowMs;
    }
    totals.records += records.length;
    buffer.push(...records);
    cutBatches();
    dispatch();
    if (records.length > 0) {
      return "working";
    }
    const isAtRest = buffer.length + queue.length + underWay === 0;
    return finishing && isAtRest ? "done" : "waiting";
  };

  const poll = async (): Promise<void> => {
    for (
      let state = await step();
      state !== "done" && failure === undefined;
      state = await step()
    ) {
      if (state === "waiting") {
        await sleep(POLL_MS);
      }
    }
    if (failure !== undefined) {
      throw failure;
    }
  };

  const polling = poll();
  // Thrown by `finish`; until then it must not end the process, but be seen.
  polling.catch((error: unknown) => {
    process.stderr.write(`${inspect(error)}\n`);
  });
  return {
    totals,
    finish: () => {
      finishing = true;
      return polling;
    },
  };
}

/** The records of a batch that are to be delivered again, as Lambda takes them from the answer. */
async function undone(
  processes: FunctionProcesses,
  records: readonly DynamoDBRecord[],
  onError: (error: unknown) => void,
): Promise<readonly DynamoDBRecord[]> {
  try {
    const { result } = await processes.invoke({ Records: records });
    const [failed] = BatchResponse.parse(result).batchItemFailures;
    return failed === undefined
      ? []
      : records.filter((record) => sequenceOf(record) >= BigInt(failed.itemIdentifier));
  } catch (error) {
    // An invocation that died or failed brings its whole batch back.
    onError(error);
    return records;
  }
}

/** Lambda polls again when the stream does not answer, from where it was. */
async function readPatiently(
  read: RollUpRunOptions["read"],
  attempts = MOST_READ_ATTEMPTS,
): Promise<readonly DynamoDBRecord[]> {
  try {
    return await read();
  } catch (error) {
    if (attempts <= 1) {
      throw error;
    }
    await sleep(POLL_MS);
    return readPatiently(read, attempts - 1);
  }
}

function sequenceOf({ dynamodb }: DynamoDBRecord): bigint {
  return BigInt(dynamodb?.SequenceNumber ?? 0);
}

function shuffled(seed: number, records: readonly DynamoDBRecord[]): readonly DynamoDBRecord[] {
  const place = (record: DynamoDBRecord) =>
    draw(seed, Number(sequenceOf(record) % 1_000_000_007n), FOR.order);
  return records.toSorted((a, b) => place(a) - place(b));
}
