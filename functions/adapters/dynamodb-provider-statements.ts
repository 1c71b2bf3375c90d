import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { monthOf, monthsBetween } from "../../shared/ledger/calendar.ts";
import type { Day } from "../../shared/ledger/roll-ups.ts";
import type { ProviderStatements } from "../../shared/ports/provider-statements.ts";
import type { IdentityHash } from "../../shared/ports/pseudonyms.ts";
import type { ProviderStatement } from "../../shared/reconciliation/provider-statement.ts";
import { decodeStatement, encodeStatement } from "../../shared/reconciliation/statement-codec.ts";
import { isConditionFailure, unavailable } from "./dynamodb-errors.ts";
import { queryAll } from "./dynamodb-pages.ts";
import { inParallel } from "./in-parallel.ts";

const QUERIES_AT_ONCE = 16;

/**
 * Statements as items of the ledger table: partition `P#<yyyymm>`, sorted by day, kind and provider,
 * one item a row. They are no usage: roll-up's filter lets only `U#` pass.
 */
export function dynamoDbProviderStatements(
  client: DynamoDBClient,
  tableName: string,
  hash: IdentityHash,
): ProviderStatements {
  return {
    put: async (statement) => {
      try {
        await client.send(
          new PutItemCommand({
            TableName: tableName,
            Item: {
              pk: { S: partition(statement.from) },
              sk: { S: sortKey(statement, hash) },
              asOf: { N: String(statement.asOfMs) },
              d: { S: encodeStatement(statement) },
            },
            ConditionExpression: "attribute_not_exists(pk) OR asOf < :asOf",
            ExpressionAttributeValues: { ":asOf": { N: String(statement.asOfMs) } },
          }),
        );
      } catch (error) {
        if (!isConditionFailure(error)) {
          throw unavailable(error);
        }
      }
    },

    readBetween: async (from, to) => {
      const pages = await inParallel(monthsBetween(from, to), QUERIES_AT_ONCE, (month) =>
        queryAll(client, {
          TableName: tableName,
          KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
          // A bare day sorts before every item of that day, so the end is left out.
          ExpressionAttributeValues: {
            ":pk": { S: partition(`${month}-01`) },
            ":from": { S: from },
            ":to": { S: to },
          },
        }),
      );
      return pages.flat().map((item) => decodeStatement(item["d"]?.S ?? ""));
    },
  };
}

function partition(day: Day): string {
  return `P#${monthOf(day).replace("-", "")}`;
}

function sortKey({ from, to, kind, provider, row }: ProviderStatement, hash: IdentityHash): string {
  return `${from}#${kind}#${provider}#${hash(`${to} ${row}`)}`;
}
