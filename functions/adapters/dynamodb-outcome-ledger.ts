import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { monthsBetween, startOfDay } from "../../shared/ledger/calendar.ts";
import { decodeOutcome, encodeOutcome } from "../../shared/outcomes/outcome-codec.ts";
import type { OutcomeEvent } from "../../shared/outcomes/outcome-event.ts";
import type { OutcomeLedger } from "../../shared/ports/outcome-ledger.ts";
import type { IdentityHash } from "../../shared/ports/pseudonyms.ts";
import { isConditionFailure, unavailable } from "./dynamodb-errors.ts";
import { queryAll } from "./dynamodb-pages.ts";
import { inParallel } from "./in-parallel.ts";

/** Partitions of a month of outcomes. Fixed: the shard is part of an outcome's key. */
const SHARDS = 4;
const QUERIES_AT_ONCE = 8;

/**
 * Outcomes as items of the ledger table: partition `O#<yyyymm>#<shard>`, sorted by time and
 * identity. The key is a pure function of the outcome, so the item is its own dedupe record.
 */
export function dynamoDbOutcomeLedger(
  client: DynamoDBClient,
  tableName: string,
  hash: IdentityHash,
): OutcomeLedger {
  return {
    append: async (outcome) => {
      const text = encodeOutcome(outcome);
      try {
        await client.send(
          new PutItemCommand({
            TableName: tableName,
            Item: { ...outcomeKey(outcome, hash), o: { S: text } },
            ConditionExpression: "attribute_not_exists(pk)",
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
        );
        return "committed";
      } catch (error) {
        if (isConditionFailure(error)) {
          return error.Item?.["o"]?.S === text ? "duplicate" : "conflict";
        }
        throw unavailable(error);
      }
    },

    readBetween: async (from, to) => {
      const partitions = monthsBetween(from, to).flatMap((month) =>
        Array.from({ length: SHARDS }, (_, shard) => partition(month.replace("-", ""), shard)),
      );
      const pages = await inParallel(partitions, QUERIES_AT_ONCE, (pk) =>
        queryAll(client, {
          TableName: tableName,
          KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
          ExpressionAttributeValues: {
            ":pk": { S: pk },
            ":from": { S: new Date(startOfDay(from)).toISOString() },
            ":to": { S: new Date(startOfDay(to)).toISOString() },
          },
        }),
      );
      return pages
        .flat()
        .map((item) => decodeOutcome(item["o"]?.S ?? ""))
        .filter((outcome) => outcome.timeMs < startOfDay(to))
        .sort((a, b) => a.timeMs - b.timeMs || (a.id < b.id ? -1 : 1));
    },
  };
}

function outcomeKey(outcome: OutcomeEvent, hash: IdentityHash) {
  const time = new Date(outcome.timeMs).toISOString();
  const name = hash(outcome.id);
  const shard = (name.codePointAt(0) ?? 0) % SHARDS;
  return {
    pk: { S: partition(time.slice(0, 4) + time.slice(5, 7), shard) },
    sk: { S: `${time}#${name}` },
  };
}

function partition(yyyymm: string, shard: number): string {
  return `O#${yyyymm}#${shard}`;
}
