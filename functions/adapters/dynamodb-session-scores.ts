import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { SessionScores } from "../../shared/ports/session-scores.ts";
import { insightsBetween, insightsKey, insightsPlace } from "./insights-keys.ts";

/** Session scores in the insights table, beside the roll-ups of their first day. */
export function dynamoDbSessionScores(client: DynamoDBClient, tableName: string): SessionScores {
  return {
    readBetween: async (from, to) => {
      const items = await insightsBetween(client, tableName, from, to);
      return items.flatMap((item) => {
        const place = insightsPlace(item);
        return place?.kind === "session-score"
          ? [
              {
                user: place.user,
                session: place.session,
                day: place.day,
                score: item["d"]?.S ?? "",
              },
            ]
          : [];
      });
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
