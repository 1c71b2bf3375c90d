import { DynamoDBClient, GetItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Host, startHost } from "../../../infra/local/host.ts";
import { fixtureAssembly } from "./fixture/assembly.ts";
import { queueClient } from "./fixture/queue-client.ts";

let host: Host;
let dynamoDb: DynamoDBClient;

beforeAll(async () => {
  host = await startHost({ assembly: await fixtureAssembly(), timers: false });
  dynamoDb = new DynamoDBClient(host.operator);
});
afterAll(() => host.close());
beforeEach(() => host.idle());

const put = (key: string) => host.invoke("Job", { job: "put", key });

async function timesSeen(key: string): Promise<number> {
  const { Item } = await dynamoDb.send(
    new GetItemCommand({
      TableName: host.outputs["SeenTableName"],
      Key: { pk: { S: `stream#${key}` } },
    }),
  );
  return Number(Item?.["times"]?.N ?? 0);
}

async function queueBodiesSeen(): Promise<readonly string[]> {
  const { Items = [] } = await dynamoDb.send(
    new ScanCommand({ TableName: host.outputs["SeenTableName"] }),
  );
  return Items.flatMap(({ body }) => body?.S ?? []);
}

const deadLetters = () => queueClient(host).receive(String(host.outputs["DeadLettersUrl"]));

async function send(body: string): Promise<void> {
  const queue = host.stack.find("AWS::SQS::Queue", "Queue");
  await queueClient(host).send(host.stack.queueUrl(queue), body);
}

describe("a queue", () => {
  test("redelivers what failed until it is dead, and keeps its good neighbours", async () => {
    await Promise.all(["one", "poison", "two"].map(send));

    await host.idle();

    expect(await queueBodiesSeen()).toEqual(expect.arrayContaining(["one", "two"]));
    const receives = host.logs("ConsumeQueue").map((line) => JSON.parse(line).message);
    expect(receives).toEqual(["receive 1 of poison", "receive 2 of poison"]);
    expect(await deadLetters()).toEqual(["poison"]);
  });

  test("drops what its filter does not let through", async () => {
    await Promise.all([send('{"ignored":1}'), send('{"wanted":1}')]);

    await host.idle();

    const bodies = await queueBodiesSeen();
    expect(bodies).toContain('{"wanted":1}');
    expect(bodies).not.toContain('{"ignored":1}');
  });
});

describe("a stream", () => {
  test("delivers what passes its filter, without waiting for its window when all is idle", async () => {
    const start = performance.now();
    await Promise.all(["U#1", "X#1", "U#2"].map(put));

    await host.idle();

    expect(performance.now() - start).toBeLessThan(10_000);
    expect(await Promise.all(["U#1", "X#1", "U#2"].map(timesSeen))).toEqual([1, 0, 1]);
  });

  test("says nothing about a write that changes nothing, as DynamoDB does not", async () => {
    await put("U#same");
    await host.idle();
    await put("U#same");
    await host.idle();

    expect(await timesSeen("U#same")).toBe(1);
  });

  test("retries from the first record that failed, then gives up on it alone", async () => {
    for (const key of ["U#before", "U#fail", "U#after"]) {
      await put(key);
    }

    await host.idle();

    expect(await timesSeen("U#before")).toBe(1);
    const [failure = "{}"] = await deadLetters();
    expect(JSON.parse(failure)).toMatchObject({
      requestContext: { condition: "RetryAttemptsExhausted", approximateInvokeCount: 3 },
      DDBStreamBatchInfo: { batchSize: expect.any(Number) },
    });
  });

  test("cuts a batch in two when the function throws, until the bad record stands alone", async () => {
    for (const key of ["U#left", "U#throw", "U#right"]) {
      await put(key);
    }

    await host.idle();

    const [failure = "{}"] = await deadLetters();
    expect(JSON.parse(failure)).toMatchObject({ DDBStreamBatchInfo: { batchSize: 1 } });
    expect(await timesSeen("U#left")).toBeGreaterThanOrEqual(1);
    expect(await timesSeen("U#right")).toBeGreaterThanOrEqual(1);
    expect(host.logs("ConsumeStream").join("\n")).toContain("cannot take a batch of 1");
  });
});
