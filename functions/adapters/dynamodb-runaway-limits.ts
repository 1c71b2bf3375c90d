import { type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { RunawayLimitsStore } from "../../shared/ports/runaway-limits-store.ts";

const KEY = { pk: { S: "LIMITS" }, sk: { S: "CURRENT" } };

/** One item of the insights table: a few hundred bytes per cohort. */
export function dynamoDbRunawayLimits(
  client: DynamoDBClient,
  tableName: string,
): RunawayLimitsStore {
  return {
    read: async () => {
      const { Item } = await client.send(new GetItemCommand({ TableName: tableName, Key: KEY }));
      return Item?.["d"]?.S;
    },
    write: async (limits) => {
      await client.send(
        new PutItemCommand({ TableName: tableName, Item: { ...KEY, d: { S: limits } } }),
      );
    },
  };
}
