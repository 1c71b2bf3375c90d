import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { dynamoDbRunawayLimits } from "../../../functions/adapters/dynamodb-runaway-limits.ts";

const dynamoDb = mockClient(DynamoDBClient);
afterAll(() => dynamoDb.restore());
const limits = dynamoDbRunawayLimits(new DynamoDBClient({}), "Insights");

beforeEach(() => {
  dynamoDb.reset();
});

describe("runaway limits in DynamoDB", () => {
  test("read back as the last night wrote them", async () => {
    dynamoDb.on(PutItemCommand).resolves({});
    await limits.write('{"alpha":0.01}');
    const { Item } = dynamoDb.commandCalls(PutItemCommand)[0]?.args[0].input ?? {};
    dynamoDb.on(GetItemCommand).resolves(Item === undefined ? {} : { Item });

    expect(await limits.read()).toBe('{"alpha":0.01}');
  });

  test("are not there before the first night", async () => {
    dynamoDb.on(GetItemCommand).resolves({});

    expect(await limits.read()).toBeUndefined();
  });
});
