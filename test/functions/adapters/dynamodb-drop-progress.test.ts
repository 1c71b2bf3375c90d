import { DynamoDBClient, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { dynamoDbDropProgress } from "../../../functions/adapters/dynamodb-drop-progress.ts";
import { LedgerUnavailableError } from "../../../shared/ports/usage-ledger.ts";

const dynamoDb = mockClient(DynamoDBClient);
afterAll(() => dynamoDb.restore());
const progress = dynamoDbDropProgress(new DynamoDBClient({}), "ledger");

beforeEach(() => {
  dynamoDb.reset();
});

describe("dynamoDbDropProgress", () => {
  test("a file that nothing is known of begins at its first line", async () => {
    dynamoDb.on(QueryCommand).resolves({ Items: [] });

    expect(await progress.read("file-1")).toBe(0);
  });

  test("reads what it wrote, in a partition that no roll-up looks at", async () => {
    dynamoDb.on(PutItemCommand).resolves({});
    await progress.write("file-1", 50_000);
    const item = dynamoDb.commandCalls(PutItemCommand)[0]?.args[0].input.Item;
    expect(item?.["pk"]).toEqual({ S: "D#file-1" });

    dynamoDb.on(QueryCommand).resolves({ Items: [item ?? {}] });

    expect(await progress.read("file-1")).toBe(50_000);
  });

  test("a store that is throttled is one that may be asked again", async () => {
    dynamoDb
      .on(PutItemCommand)
      .rejects(Object.assign(new Error(), { name: "ThrottlingException" }));

    await expect(progress.write("file-1", 1)).rejects.toThrow(LedgerUnavailableError);
  });
});
