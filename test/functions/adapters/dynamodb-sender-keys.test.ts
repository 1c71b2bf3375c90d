import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import {
  dynamoDbSenderKeys,
  SenderKeyExistsError,
} from "../../../functions/adapters/dynamodb-sender-keys.ts";
import type { SenderKey } from "../../../shared/ports/sender-keys.ts";

const dynamoDb = mockClient(DynamoDBClient);
afterAll(() => dynamoDb.restore());
const keys = dynamoDbSenderKeys(new DynamoDBClient({}), "Directory");

const key: SenderKey = Object.freeze({
  keyId: "k7m2p9q4r1s5",
  secretHash: "ab".repeat(32),
  source: "claude-code",
  user: "pseudonym-of-user-017",
  createdAtMs: 1_791_298_800_000,
});
const item = {
  pk: { S: "KEYS" },
  sk: { S: "k7m2p9q4r1s5" },
  secretHash: { S: "ab".repeat(32) },
  source: { S: "claude-code" },
  user: { S: "pseudonym-of-user-017" },
  createdAtMs: { N: "1791298800000" },
};
const conditionFailed = new ConditionalCheckFailedException({ message: "", $metadata: {} });
const throttled = Object.assign(new Error("slow down"), { name: "ThrottlingException" });

beforeEach(() => {
  dynamoDb.reset();
});

describe("find", () => {
  test("reads the one item, consistently, because a refusal is remembered for a minute", async () => {
    dynamoDb.on(GetItemCommand).resolves({ Item: item });

    expect(await keys.find("k7m2p9q4r1s5")).toEqual(key);
    expect(dynamoDb.commandCalls(GetItemCommand)[0]?.args[0].input).toEqual({
      TableName: "Directory",
      Key: { pk: { S: "KEYS" }, sk: { S: "k7m2p9q4r1s5" } },
      ConsistentRead: true,
    });
  });

  test("a key that is not there is undefined", async () => {
    dynamoDb.on(GetItemCommand).resolves({});

    expect(await keys.find("k7m2p9q4r1s5")).toBeUndefined();
  });

  test("a throttled read is an error, never a key that does not exist", async () => {
    dynamoDb.on(GetItemCommand).rejects(throttled);

    await expect(keys.find("k7m2p9q4r1s5")).rejects.toThrow("slow down");
  });

  test("an item that is not a key is an error, never a key without a hash", async () => {
    dynamoDb.on(GetItemCommand).resolves({ Item: { pk: { S: "KEYS" }, sk: { S: "k" } } });

    await expect(keys.find("k")).rejects.toThrow();
  });
});

describe("list", () => {
  test("reads the second page as well", async () => {
    dynamoDb
      .on(QueryCommand)
      .resolvesOnce({ Items: [item], LastEvaluatedKey: { sk: item.sk } })
      .resolves({ Items: [{ ...item, sk: { S: "second000000" }, revokedAtMs: { N: "5" } }] });

    expect(await keys.list()).toEqual([key, { ...key, keyId: "second000000", revokedAtMs: 5 }]);
  });
});

describe("create", () => {
  test("stores the key's hash under its id, unless the id is taken", async () => {
    dynamoDb.on(PutItemCommand).resolves({});

    await keys.create(key);

    expect(dynamoDb.commandCalls(PutItemCommand)[0]?.args[0].input).toEqual({
      TableName: "Directory",
      Item: item,
      ConditionExpression: "attribute_not_exists(pk)",
    });
  });

  test("an id that is taken is an error that says so", async () => {
    dynamoDb.on(PutItemCommand).rejects(conditionFailed);

    await expect(keys.create(key)).rejects.toThrow(SenderKeyExistsError);
  });
});

describe("revoke", () => {
  test("keeps the time of the first revocation", async () => {
    dynamoDb.on(UpdateItemCommand).resolves({});

    expect(await keys.revoke("k7m2p9q4r1s5", 7)).toBe(true);
    expect(dynamoDb.commandCalls(UpdateItemCommand)[0]?.args[0].input).toMatchObject({
      Key: { pk: { S: "KEYS" }, sk: { S: "k7m2p9q4r1s5" } },
      UpdateExpression: "SET revokedAtMs = if_not_exists(revokedAtMs, :now)",
      ConditionExpression: "attribute_exists(pk)",
      ExpressionAttributeValues: { ":now": { N: "7" } },
    });
  });

  test("a key that does not exist is not made up by revoking it", async () => {
    dynamoDb.on(UpdateItemCommand).rejects(conditionFailed);

    expect(await keys.revoke("nosuchkey000", 7)).toBe(false);
  });

  test("a throttled revocation is an error: the key still works", async () => {
    dynamoDb.on(UpdateItemCommand).rejects(throttled);

    await expect(keys.revoke("k7m2p9q4r1s5", 7)).rejects.toThrow("slow down");
  });
});
