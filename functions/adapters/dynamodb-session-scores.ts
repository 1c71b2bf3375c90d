import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { daysBetween } from "../../shared/ledger/calendar.ts";
import type { SessionScores } from "../../shared/ports/session-scores.ts";
import { queryAll } from "./dynamodb-pages.ts";
import { DAY_SHARDS, dayPartition } from "./dynamodb-roll-ups.ts";
import { inParallel } from "./in-parallel.ts";

const QUERIES_AT_ONCE = 16;

/** Session scores beside the roll-ups of their first day: sort key `X#<user>#<session>`. */
export function dynamoDbSessionScores(client: DynamoDBClient, tableName: string): SessionScores {
  return {
    readBetween: async (from, to) => {
      const partitions = daysBetween(from, to).flatMap((day) =>
        Array.from({ length: DAY_SHARDS }, (_, shard) => `D#${day}#${shard}`),
      );
      const pages = await inParallel(partitions, QUERIES_AT_ONCE, (pk) =>
        queryAll(client, {
          TableName: tableName,
          KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
          ExpressionAttributeValues: { ":pk": { S: pk }, ":prefix": { S: "X#" } },
        }),
      );
      return pages.flat().map((item) => {
        const [, user = "", session = ""] = /^X#([^#]*)#(.*)$/s.exec(item["sk"]?.S ?? "") ?? [];
        return { user, session, day: item["pk"]?.S?.slice(2, 12) ?? "", score: item["d"]?.S ?? "" };
      });
    },
    put: async ({ user, session, day, score }) => {
      await client.send(
        new PutItemCommand({
          TableName: tableName,
          Item: {
            pk: { S: dayPartition(user, day) },
            sk: { S: `X#${user}#${session}` },
            d: { S: score },
          },
        }),
      );
    },
  };
}
