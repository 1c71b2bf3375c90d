import type { Activity, ChangeSignal } from "./activity.ts";
import type { BackendClient } from "./backend-client.ts";
import type { Checkpoint } from "./checkpoints.ts";
import {
  type EventSource,
  type EventSourceMapping,
  mappingFilter,
  pause,
  pollingLoop,
} from "./event-source.ts";
import { listOf, objectOf, textOf } from "./json.ts";
import { streamDelivery } from "./stream-delivery.ts";
import {
  changedNothing,
  type StreamRecord,
  sequenceNumber,
  toStreamRecord,
} from "./stream-record.ts";

export type StreamSourceDependencies = {
  readonly client: BackendClient;
  readonly region: string;
  readonly activity: Activity;
  readonly tableName: string;
  /** Counts the committed writes to the table. */
  readonly writes: ChangeSignal;
  readonly checkpoint: Checkpoint;
  readonly invoke: (event: unknown) => Promise<unknown>;
  readonly onError: (error: unknown) => void;
};

/** Writes come in bursts; this much patience puts them into one read. */
const BURST_MS = 20;
const PAGE_SIZE = 1000;
const NEVER_MS = 2 ** 31 - 1;

/**
 * Polls a table's stream for a function, from where the last boot ended. Reads as soon as the
 * gateway has seen a write, and not before.
 */
export async function streamSource(
  mapping: EventSourceMapping,
  dependencies: StreamSourceDependencies,
): Promise<EventSource> {
  const { client, activity, writes, checkpoint } = dependencies;
  const { properties } = mapping;
  const batchSize = properties.BatchSize ?? 100;
  const windowMs = properties.MaximumBatchingWindowInSeconds * 1000;
  const passes = mappingFilter(mapping);
  const stream = await describeStream(client, dependencies.tableName);
  let position =
    checkpoint.read() ?? (properties.StartingPosition === "LATEST" ? stream.latest : undefined);
  if (position !== undefined) {
    checkpoint.write(position);
  }
  const deliver = streamDelivery(mapping, { ...dependencies, shardId: stream.shardId });

  let iterator: string | undefined;
  let buffer: StreamRecord[] = [];
  let windowEnds = 0;
  let flushing = false;
  let emptyAt = -1;

  async function read(): Promise<readonly StreamRecord[]> {
    iterator ??= await shardIterator(client, stream, position);
    const output = await client.streams("GetRecords", {
      ShardIterator: iterator,
      Limit: PAGE_SIZE,
    });
    iterator = textOf(output["NextShardIterator"]);
    return listOf(output["Records"]).map((record) =>
      toStreamRecord(objectOf(record), properties.EventSourceArn, dependencies.region),
    );
  }

  function accept(records: readonly StreamRecord[]): void {
    const wanted = records.filter((record) => !changedNothing(record) && passes(record));
    if (buffer.length === 0) {
      windowEnds = performance.now() + windowMs;
    }
    buffer.push(...wanted);
    position = records.map(sequenceNumber).at(-1) ?? position;
  }

  /** Delivers full batches, and at the end of the window also what is left. */
  async function deliverBuffer(windowIsOver: boolean, signal: AbortSignal): Promise<void> {
    while (buffer.length >= batchSize || (windowIsOver && buffer.length > 0)) {
      const batch = buffer.slice(0, batchSize);
      await activity.track(() => deliver(batch, signal));
      buffer = buffer.slice(batchSize);
      checkpoint.write(batch.map(sequenceNumber).at(-1) ?? "");
    }
    if (buffer.length === 0 && position !== undefined) {
      checkpoint.write(position);
    }
  }

  async function step(signal: AbortSignal): Promise<void> {
    const version = writes.version();
    const records = await read();
    accept(records);
    const atEnd = records.length < PAGE_SIZE;
    const windowIsOver = flushing || performance.now() >= windowEnds;
    await deliverBuffer(atEnd && windowIsOver, signal);
    if (atEnd) {
      await waitForMore(version, signal);
    }
  }

  async function waitForMore(version: number, signal: AbortSignal): Promise<void> {
    // An interrupt wakes who waits by then, and nobody later.
    signal.throwIfAborted();
    if (buffer.length === 0) {
      emptyAt = version;
      flushing = false;
      await writes.after(version, NEVER_MS);
      await pause(BURST_MS, signal);
    } else {
      // Nothing to read before the batch can be full.
      const missing = batchSize - buffer.length;
      await writes.after(version + missing - 1, windowEnds - performance.now());
    }
  }

  const loop = pollingLoop(step, (error) => {
    // Read again from the last record that is done with.
    iterator = undefined;
    buffer = [];
    position = checkpoint.read();
    dependencies.onError(error);
  });
  return {
    name: mapping.logicalId,
    start: loop.start,
    isDrained: () => emptyAt === writes.version(),
    flush: () => {
      if (buffer.length > 0) {
        flushing = true;
        writes.interrupt();
      }
    },
    close: async () => {
      const stopped = loop.stop();
      writes.interrupt();
      await stopped;
    },
  };
}

type Stream = {
  readonly arn: string;
  readonly shardId: string;
  /** Sequence number of the newest record, or undefined if there is none. */
  readonly latest: string | undefined;
};

async function describeStream(client: BackendClient, tableName: string): Promise<Stream> {
  const { Table } = await client.dynamodb("DescribeTable", { TableName: tableName });
  const arn = textOf(objectOf(Table)["LatestStreamArn"]);
  if (arn === undefined) {
    throw new Error(`table ${tableName} has no stream`);
  }
  const { StreamDescription } = await client.streams("DescribeStream", { StreamArn: arn });
  const [shard] = listOf(objectOf(StreamDescription)["Shards"]).map(objectOf);
  const range = objectOf(shard?.["SequenceNumberRange"]);
  return {
    arn,
    shardId: textOf(shard?.["ShardId"]) ?? "",
    latest: textOf(range["EndingSequenceNumber"]),
  };
}

async function shardIterator(
  client: BackendClient,
  { arn, shardId }: Stream,
  position: string | undefined,
): Promise<string> {
  const { ShardIterator } = await client.streams("GetShardIterator", {
    StreamArn: arn,
    ShardId: shardId,
    ...(position === undefined
      ? { ShardIteratorType: "TRIM_HORIZON" }
      : { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: position }),
  });
  return textOf(ShardIterator) ?? "";
}
