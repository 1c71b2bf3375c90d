import type { AttributeValue, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { monthsBetween } from "../../shared/ledger/calendar.ts";
import type { Day } from "../../shared/ledger/roll-ups.ts";
import type { UserPseudonym } from "../../shared/usage/usage-event.ts";
import { queryAll, queryPages } from "./dynamodb-pages.ts";
import { inParallel } from "./in-parallel.ts";

export type InsightsItem = Readonly<Record<string, AttributeValue>>;

/** Partitions of a month: today's writes are spread over them. Fixed: the shard is part of the key. */
export const MONTH_SHARDS = 8;
const QUERIES_AT_ONCE = 16;

/** What an item of a user's day is: the day itself, a session of it, or the score of a session. */
export type InsightsPlace = { readonly user: UserPseudonym; readonly day: Day } & (
  | { readonly kind: "user-day" }
  | { readonly kind: "session-day" | "session-score"; readonly session: string }
);

const CODES = { "session-day": "S", "session-score": "X" } as const;
const SORT_KEY = /^(\d{4}-\d{2}-\d{2})#([^#]*)(?:#([SX])#(.*))?$/s;

/**
 * Key in the insights table: partition `M#<yyyymm>#<shard of the user>`, sorted by day, user and
 * session, so that a person's day, and a month of everybody, are each one range.
 */
export function insightsKey(place: InsightsPlace): {
  readonly pk: AttributeValue.SMember;
  readonly sk: AttributeValue.SMember;
} {
  const { user, day } = place;
  const rest = place.kind === "user-day" ? "" : `#${CODES[place.kind]}#${place.session}`;
  return { pk: { S: partition(day, shardOf(user)) }, sk: { S: `${day}#${user}${rest}` } };
}

/** Reads a key back; `undefined` for an item of another kind. */
export function insightsPlace(item: InsightsItem): InsightsPlace | undefined {
  const [, day, user, code, session = ""] = SORT_KEY.exec(item["sk"]?.S ?? "") ?? [];
  if (day === undefined || user === undefined) {
    return undefined;
  }
  if (code === undefined) {
    return { kind: "user-day", user, day };
  }
  return { kind: code === "S" ? "session-day" : "session-score", user, day, session };
}

/** The roll-ups of a user's day: the day and its sessions, without scores. */
export function rollUpsOfDay(
  client: DynamoDBClient,
  tableName: string,
  user: UserPseudonym,
  day: Day,
): Promise<readonly InsightsItem[]> {
  return queryAll(client, {
    TableName: tableName,
    KeyConditionExpression: "pk = :pk AND sk BETWEEN :first AND :last",
    ExpressionAttributeValues: {
      ":pk": { S: partition(day, shardOf(user)) },
      ":first": { S: `${day}#${user}` },
      // After every `#S#…`, before `#X#…` and any longer name of a user.
      ":last": { S: `${day}#${user}#T` },
    },
    ConsistentRead: true,
  });
}

/** Which items of a period are read. */
export type InsightsPeriod = {
  readonly from: Day;
  /** Not one of the days. */
  readonly to: Day;
  readonly kind: "roll-ups" | "session-scores";
};

/** Roll-ups have a version. What is filtered out is neither sent nor parsed: there is a score for each session. */
const FILTERS = {
  "roll-ups": "attribute_exists(v)",
  "session-scores": "attribute_not_exists(v)",
} as const;

/**
 * Reads a period partition by partition, many at a time. There may be millions of items, so each page is
 * given to `read` and let go.
 *
 * @returns What `read` made of each partition, in their order.
 */
export function readInsights<Read>(
  client: DynamoDBClient,
  tableName: string,
  { from, to, kind }: InsightsPeriod,
  read: (pages: AsyncIterable<readonly InsightsItem[]>) => Promise<Read>,
): Promise<readonly Read[]> {
  const partitions = monthsBetween(from, to).flatMap((month) =>
    Array.from({ length: MONTH_SHARDS }, (_, shard) => partition(`${month}-01`, shard)),
  );
  return inParallel(partitions, QUERIES_AT_ONCE, (pk) =>
    read(
      queryPages(client, {
        TableName: tableName,
        KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
        FilterExpression: FILTERS[kind],
        // A bare day sorts before every item of that day, so the end is left out.
        ExpressionAttributeValues: { ":pk": { S: pk }, ":from": { S: from }, ":to": { S: to } },
      }),
    ),
  );
}

function partition(day: Day, shard: number): string {
  return `M#${day.slice(0, 4)}${day.slice(5, 7)}#${shard}`;
}

function shardOf(user: UserPseudonym): number {
  let sum = 0;
  for (const char of user) {
    sum += char.codePointAt(0) ?? 0;
  }
  return sum % MONTH_SHARDS;
}
