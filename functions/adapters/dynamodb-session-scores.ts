import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { SessionScores, StoredSessionScore } from "../../shared/ports/session-scores.ts";
import { type InsightsItem, insightsKey, insightsPlace, readInsights } from "./insights-keys.ts";

/** Session scores in the insights table, beside the roll-ups of their first day. */
export function dynamoDbSessionScores(client: DynamoDBClient, tableName: string): SessionScores {
  return {
    readBetween: async (from, to) => {
      const period = { from, to, kind: "session-scores" } as const;
      const scores = await readInsights(client, tableName, period, async (pages) => {
        const found: StoredSessionScore[] = [];
        for await (const page of pages) {
          found.push(...page.flatMap(scoreOf));
        }
        return found;
      });
      return scores.flat();
    },
    put: async ({ user, session, day, score }) => {
      await client.send(
        new PutItemCommand({
          TableName: tableName,
          Item: {
            ...insightsKey({ kind: "session-score", user, day, session }),
            d: { S: score },
          },
        }),
      );
    },
  };
}

/** Nothing if the item is another. */
function scoreOf(item: InsightsItem): readonly StoredSessionScore[] {
  const place = insightsPlace(item);
  if (place?.kind !== "session-score") {
    return [];
  }
  const { user, session, day } = place;
  return [{ user, session, day, score: item["d"]?.S ?? "" }];
}
