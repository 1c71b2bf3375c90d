import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { DropProgressStore } from "../../shared/ports/drop-progress-store.ts";
import { unavailable } from "./dynamodb-errors.ts";
import { queryAll } from "./dynamodb-pages.ts";

const PROGRESS = "PROGRESS";

/** One item of the ledger table for each file that took more than a few batches: partition `D#<file>`. */
export function dynamoDbDropProgress(client: DynamoDBClient, tableName: string): DropProgressStore {
  return {
    read: async (file) => {
      const [item] = await queryAll(client, {
        TableName: tableName,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :sk)",
        ExpressionAttributeValues: { ":pk": { S: `D#${file}` }, ":sk": { S: PROGRESS } },
        ConsistentRead: true,
      });
      return Number(item?.["line"]?.N ?? 0);
    },
    write: async (file, line) => {
      try {
        await client.send(
          new PutItemCommand({
            TableName: tableName,
            Item: { pk: { S: `D#${file}` }, sk: { S: PROGRESS }, line: { N: String(line) } },
          }),
        );
      } catch (error) {
        throw unavailable(error);
      }
    },
  };
}
