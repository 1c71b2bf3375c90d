import { randomUUID } from "node:crypto";
import type { BackendClient } from "./backend-client.ts";
import { type EventSourceMapping, pause, reportedFailures } from "./event-source.ts";
import { recordAge, type StreamRecord, sequenceNumber } from "./stream-record.ts";

export type StreamDeliveryDependencies = {
  readonly client: BackendClient;
  readonly shardId: string;
  readonly invoke: (event: unknown) => Promise<unknown>;
  readonly onError: (error: unknown) => void;
};

/** Waits between attempts: 0.1 s, doubled each time up to one second. */
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 1000;

type Attempt = { readonly records: readonly StreamRecord[]; readonly failedTimes: number };

/**
 * Delivers a batch in order: bisects it, retries it, and at last sends it to the on-failure queue,
 * as the mapping says. Resolves when every record is done with.
 */
export function streamDelivery(
  mapping: EventSourceMapping,
  dependencies: StreamDeliveryDependencies,
): (records: readonly StreamRecord[], signal: AbortSignal) => Promise<void> {
  const { properties } = mapping;
  const { invoke, onError } = dependencies;

  /** The records that have to be delivered again, from the first that failed on. */
  async function attempt(records: readonly StreamRecord[]): Promise<readonly StreamRecord[]> {
    const failed = reportedFailures(mapping, await invoke({ Records: records }));
    const first = records.findIndex((record) => failed.has(sequenceNumber(record)));
    return first < 0 ? [] : records.slice(first);
  }

  async function next({ records, failedTimes }: Attempt): Promise<readonly Attempt[]> {
    try {
      const rest = await attempt(records);
      return rest.length === 0 ? [] : [{ records: rest, failedTimes: failedTimes + 1 }];
    } catch (error) {
      onError(error);
      if (properties.BisectBatchOnFunctionError && records.length > 1) {
        const middle = Math.ceil(records.length / 2);
        // A split does not count as a retry.
        return [
          { records: records.slice(0, middle), failedTimes },
          { records: records.slice(middle), failedTimes },
        ];
      }
      return [{ records, failedTimes: failedTimes + 1 }];
    }
  }

  return async (batch, signal) => {
    const queue: Attempt[] = [{ records: batch, failedTimes: 0 }];
    for (let current = queue.shift(); current !== undefined; current = queue.shift()) {
      const condition = exhausted(mapping, current);
      if (condition !== undefined) {
        await sendToFailureQueue(mapping, dependencies, current, condition);
        continue;
      }
      if (current.failedTimes > 0) {
        await pause(
          Math.min(FIRST_WAIT_MS * 2 ** (current.failedTimes - 1), LONGEST_WAIT_MS),
          signal,
        );
      }
      queue.unshift(...(await next(current)));
    }
  };
}

function exhausted({ properties }: EventSourceMapping, { records, failedTimes }: Attempt) {
  const { MaximumRetryAttempts: retries, MaximumRecordAgeInSeconds: age } = properties;
  if (retries >= 0 && failedTimes > retries) {
    return "RetryAttemptsExhausted";
  }
  const [oldest] = records;
  const tooOld = oldest !== undefined && age >= 0 && recordAge(oldest, Date.now()) > age * 1000;
  return tooOld ? "RecordAgeExceeded" : undefined;
}

async function sendToFailureQueue(
  { properties }: EventSourceMapping,
  { client, shardId }: StreamDeliveryDependencies,
  { records, failedTimes }: Attempt,
  condition: string,
): Promise<void> {
  const destination = properties.DestinationConfig?.OnFailure.Destination;
  if (destination === undefined) {
    return;
  }
  const numbers = records.map(sequenceNumber);
  const message = {
    requestContext: {
      requestId: randomUUID(),
      functionArn: properties.FunctionName,
      condition,
      approximateInvokeCount: failedTimes,
    },
    version: "1.0",
    timestamp: new Date().toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: numbers.at(0),
      endSequenceNumber: numbers.at(-1),
      batchSize: records.length,
      streamArn: properties.EventSourceArn,
    },
  };
  await client.sendMessage(destination, JSON.stringify(message));
}
