import type { Activity } from "./activity.ts";
import { type BackendClient, localQueueUrl } from "./backend-client.ts";
import {
  type EventSource,
  type EventSourceMapping,
  mappingFilter,
  pollingLoop,
  reportedFailures,
} from "./event-source.ts";
import { type JsonObject, jsonOrText, listOf, objectOf, textOf } from "./json.ts";

export type QueueSourceDependencies = {
  readonly client: BackendClient;
  readonly region: string;
  readonly activity: Activity;
  readonly pollers: number;
  readonly invoke: (event: unknown) => Promise<unknown>;
  readonly onError: (error: unknown) => void;
  /** Messages in the queue, whether visible, delayed or in flight. */
  readonly pendingMessages: (queueName: string) => Promise<number>;
};

type QueueRecord = {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
};

const LARGEST_RECEIVE = 10;
const LONG_POLL_SECONDS = 20;

/** Polls a queue for a function: batches, filters and partial failures. */
export function queueSource(
  mapping: EventSourceMapping,
  dependencies: QueueSourceDependencies,
): EventSource {
  const { client, region, activity, invoke, onError } = dependencies;
  const { EventSourceArn, BatchSize = 10, ScalingConfig } = mapping.properties;
  const { MaximumBatchingWindowInSeconds } = mapping.properties;
  const QueueUrl = localQueueUrl(EventSourceArn);
  const passes = mappingFilter(mapping);
  let flushing = false;

  const receive = async (limit: number, seconds: number, signal: AbortSignal) => {
    const { Messages } = await client.sqs(
      "ReceiveMessage",
      {
        QueueUrl,
        MaxNumberOfMessages: Math.min(limit, LARGEST_RECEIVE),
        WaitTimeSeconds: seconds,
        MessageAttributeNames: ["All"],
        MessageSystemAttributeNames: ["All"],
      },
      signal,
    );
    return listOf(Messages).map((message) =>
      queueRecord(objectOf(message), EventSourceArn, region),
    );
  };

  /** Waits for a first message, then gathers until the batch or its window is full. */
  async function gather(signal: AbortSignal): Promise<readonly QueueRecord[]> {
    const batch = [...(await receive(BatchSize, LONG_POLL_SECONDS, signal))];
    const deadline = performance.now() + MaximumBatchingWindowInSeconds * 1000;
    while (batch.length > 0 && batch.length < BatchSize) {
      const waits = !flushing && performance.now() < deadline;
      const more = await receive(BatchSize - batch.length, waits ? 1 : 0, signal);
      batch.push(...more);
      if (more.length === 0 && !waits) {
        break;
      }
    }
    flushing = false;
    return batch;
  }

  async function deliver(batch: readonly QueueRecord[]): Promise<void> {
    const wanted = batch.filter((record) => passes({ ...record, body: jsonOrText(record.body) }));
    const failed = await failures(wanted);
    // A message that the filter drops is deleted; a failed one comes back when it is visible again.
    const done = batch.filter(({ messageId }) => !failed.has(messageId));
    for (let start = 0; start < done.length; start += LARGEST_RECEIVE) {
      await client.sqs("DeleteMessageBatch", {
        QueueUrl,
        Entries: done.slice(start, start + LARGEST_RECEIVE).map(({ receiptHandle }, index) => ({
          Id: String(index),
          ReceiptHandle: receiptHandle,
        })),
      });
    }
  }

  async function failures(records: readonly QueueRecord[]): Promise<ReadonlySet<string>> {
    if (records.length === 0) {
      return new Set();
    }
    try {
      return reportedFailures(mapping, await invoke({ Records: records }));
    } catch (error) {
      onError(error);
      return new Set(records.map(({ messageId }) => messageId));
    }
  }

  const pollers = Math.min(
    dependencies.pollers,
    ScalingConfig?.MaximumConcurrency ?? dependencies.pollers,
  );
  const loops = Array.from({ length: pollers }, () =>
    pollingLoop(async (signal) => {
      const batch = await gather(signal);
      if (batch.length > 0) {
        await activity.track(() => deliver(batch));
      }
    }, onError),
  );
  return {
    name: mapping.logicalId,
    start: () => {
      for (const loop of loops) {
        loop.start();
      }
    },
    isDrained: async () =>
      (await dependencies.pendingMessages(EventSourceArn.split(":").at(-1) ?? "")) === 0,
    flush: () => {
      flushing = true;
    },
    close: async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

/** A message as the `Records` of an SQS event have it. */
function queueRecord(message: JsonObject, queueArn: string, region: string): QueueRecord {
  const attributes = Object.entries(objectOf(message["MessageAttributes"])).map(
    ([name, attribute]) => {
      const { StringValue, BinaryValue, DataType } = objectOf(attribute);
      const value = { stringValue: StringValue, binaryValue: BinaryValue, dataType: DataType };
      return [name, { ...value, stringListValues: [], binaryListValues: [] }] as const;
    },
  );
  const record = {
    messageId: textOf(message["MessageId"]) ?? "",
    receiptHandle: textOf(message["ReceiptHandle"]) ?? "",
    body: textOf(message["Body"]) ?? "",
    attributes: message["Attributes"],
    messageAttributes: Object.fromEntries(attributes),
    md5OfBody: message["MD5OfBody"],
    eventSource: "aws:sqs",
    eventSourceARN: queueArn,
    awsRegion: region,
  };
  return record;
}
