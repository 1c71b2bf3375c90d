import { join } from "node:path";
import { buildApp } from "fauxqs";
import { type BackendClient, type Backends, backendClient } from "./backend-client.ts";
import { startDynamoDb } from "./dynamodb-process.ts";
import { isObject, listOf } from "./json.ts";
import { LOOPBACK } from "./wire.ts";

export type RunningBackends = {
  readonly urls: Backends;
  readonly client: BackendClient;
  /** Messages in a queue, whether visible, delayed or in flight. */
  readonly pendingMessages: (queueName: string) => Promise<number>;
  readonly pids: readonly number[];
  readonly close: () => Promise<void>;
};

/** Starts DynamoDB as a process of its own, and SQS and S3 in this one. */
export async function startBackends(statePath: string, region: string): Promise<RunningBackends> {
  const app = buildApp({ logger: false, defaultRegion: region });
  const [dynamoDb, address] = await Promise.all([
    startDynamoDb(join(statePath, "dynamodb.sqlite")),
    app.listen({ port: 0, host: LOOPBACK }),
  ]);
  const queuesAndBuckets = new URL(address);
  const urls = { dynamodb: dynamoDb.url, sqs: queuesAndBuckets, s3: queuesAndBuckets };
  const client = backendClient(urls, region);
  return {
    urls,
    client,
    pids: dynamoDb.pids,
    pendingMessages: async (queueName) => {
      const response = await app.inject({ url: "/_fauxqs/queues" });
      const queue = listOf(response.json())
        .filter(isObject)
        .find(({ name }) => name === queueName);
      return [
        queue?.["approximateMessageCount"],
        queue?.["approximateInflightCount"],
        queue?.["approximateDelayedCount"],
      ].reduce<number>((sum, count) => sum + Number(count), 0);
    },
    close: async () => {
      client.close();
      await Promise.all([app.close(), dynamoDb.close()]);
    },
  };
}
