import { type AttributeValue, type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import type { StoredItem } from "./stored-books.ts";

/** Every item of a table, page after page. */
export async function scanTable(
  client: DynamoDBClient,
  TableName: string,
  extent: "keys" | "whole",
): Promise<readonly StoredItem[]> {
  const items: StoredItem[] = [];
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName,
        ...(extent === "keys" ? { ProjectionExpression: "pk, sk" } : {}),
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}
