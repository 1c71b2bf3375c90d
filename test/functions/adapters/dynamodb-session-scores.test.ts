import { DynamoDBClient, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { dynamoDbSessionScores } from "../../../functions/adapters/dynamodb-session-scores.ts";
import { insightsKey } from "../../../functions/adapters/insights-keys.ts";

const dynamoDb = mockClient(DynamoDBClient);
afterAll(() => dynamoDb.restore());
const scores = dynamoDbSessionScores(new DynamoDBClient({}), "Insights");
const score = { user: "user-017", session: "a#b", day: "2026-10-05", score: "fresh-scored {}" };

beforeEach(() => {
  dynamoDb.reset();
});

describe("session scores in DynamoDB", () => {
  test("read back as they were stored, apart from the roll-ups that they lie beside", async () => {
    dynamoDb.on(PutItemCommand).resolves({});
    await scores.put(score);
    const { Item = {} } = dynamoDb.commandCalls(PutItemCommand)[0]?.args[0].input ?? {};
    const rollUp = insightsKey({ kind: "session-day", ...score });
    dynamoDb
      .on(QueryCommand)
      .resolvesOnce({ Items: [rollUp, Item], LastEvaluatedKey: rollUp })
      .resolves({ Items: [] });

    expect(await scores.readBetween("2026-10-01", "2026-10-31")).toEqual([score]);
    expect(dynamoDb.commandCalls(QueryCommand)[0]?.args[0].input.FilterExpression).toBe(
      "attribute_not_exists(v)",
    );
  });
});
