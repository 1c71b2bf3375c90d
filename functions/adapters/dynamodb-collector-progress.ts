import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CollectorProgress } from "../../shared/collect/collector-progress.ts";
import { JsonText } from "../../shared/json-text.ts";
import type { CollectorProgressStore } from "../../shared/ports/collector-progress-store.ts";
import { unavailable } from "./dynamodb-errors.ts";
import { queryAll } from "./dynamodb-pages.ts";

const PROGRESS = "PROGRESS";

/** One item of the ledger table for each collector: partition `C#<collector>`. */
export function dynamoDbCollectorProgress(
  client: DynamoDBClient,
  tableName: string,
): CollectorProgressStore {
  return {
    read: async (collector) => {
      const [item] = await queryAll(client, {
        TableName: tableName,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :sk)",
        ExpressionAttributeValues: { ":pk": { S: `C#${collector}` }, ":sk": { S: PROGRESS } },
        ConsistentRead: true,
      });
      const text = item?.["d"]?.S;
      return text === undefined ? {} : JsonText.pipe(CollectorProgress).parse(text);
    },
    write: async (collector, progress) => {
      try {
        await client.send(
          new PutItemCommand({
            TableName: tableName,
            Item: {
              pk: { S: `C#${collector}` },
              sk: { S: PROGRESS },
              d: { S: JSON.stringify(progress) },
            },
          }),
        );
      } catch (error) {
        throw unavailable(error);
      }
    },
  };
}
