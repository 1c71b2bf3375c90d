import { type AttributeValue, type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { daysBetween } from "../../shared/ledger/calendar.ts";
import {
  decodeSessionDay,
  decodeUserDay,
  encodeSessionDay,
  encodeUserDay,
} from "../../shared/ledger/roll-up-codec.ts";
import type { Day, RollUpVersion, SessionDay, UserDay } from "../../shared/ledger/roll-ups.ts";
import type { RollUps } from "../../shared/ports/insights.ts";
import type { UserPseudonym } from "../../shared/usage/usage-event.ts";
import { isConditionFailure } from "./dynamodb-errors.ts";
import { queryAll } from "./dynamodb-pages.ts";
import { inParallel } from "./in-parallel.ts";

type Item = Readonly<Record<string, AttributeValue>>;

/** Partitions of a day, so that a busy day is not one hot partition. */
export const DAY_SHARDS = 4;
const QUERIES_AT_ONCE = 16;

/**
 * Roll-ups in the insights table: partition `D#<day>#<shard of the user>`, sort key `U#<user>` for
 * the day and `S#<user>#<session>` for its sessions.
 */
export function dynamoDbRollUps(client: DynamoDBClient, tableName: string): RollUps {
  const put = async (key: Item, version: RollUpVersion, body: string) => {
    try {
      await client.send(
        new PutItemCommand({
          TableName: tableName,
          Item: {
            ...key,
            v: { N: String(version.entries) },
            p: { S: version.priceBook },
            d: { S: body },
          },
          // The ledger only grows: a recomputation that saw fewer entries is the older one.
          ConditionExpression: "attribute_not_exists(v) OR v < :v OR (v = :v AND d <> :d)",
          ExpressionAttributeValues: { ":v": { N: String(version.entries) }, ":d": { S: body } },
        }),
      );
      return true;
    } catch (error) {
      if (isConditionFailure(error)) {
        return false;
      }
      throw error;
    }
  };

  /** Every item of the days whose sort key starts so. */
  const between = async (from: Day, to: Day, prefix: string) => {
    const partitions = daysBetween(from, to).flatMap((day) =>
      Array.from({ length: DAY_SHARDS }, (_, shard) => `D#${day}#${shard}`),
    );
    const condition = prefix === "" ? "" : " AND begins_with(sk, :prefix)";
    const pages = await inParallel(partitions, QUERIES_AT_ONCE, (pk) =>
      queryAll(client, {
        TableName: tableName,
        KeyConditionExpression: `pk = :pk${condition}`,
        ExpressionAttributeValues: {
          ":pk": { S: pk },
          ...(prefix === "" ? {} : { ":prefix": { S: prefix } }),
        },
      }),
    );
    return pages.flat();
  };

  return {
    read: async (user, day) => {
      const [days, sessions] = await Promise.all(
        [`U#${user}`, `S#${user}#`].map((prefix) =>
          queryAll(client, {
            TableName: tableName,
            KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues: {
              ":pk": { S: dayPartition(user, day) },
              ":prefix": { S: prefix },
            },
            ConsistentRead: true,
          }),
        ),
      );
      const userDay = days?.map(userDayOf).find((value) => value.user === user);
      return {
        ...(userDay === undefined ? {} : { userDay }),
        sessionDays: (sessions ?? []).map(sessionDayOf),
      };
    },
    putUserDay: (value) =>
      put(
        { pk: { S: dayPartition(value.user, value.day) }, sk: { S: `U#${value.user}` } },
        value.version,
        encodeUserDay(value),
      ),
    putSessionDay: (value) =>
      put(
        {
          pk: { S: dayPartition(value.user, value.day) },
          sk: { S: `S#${value.user}#${value.session}` },
        },
        value.version,
        encodeSessionDay(value),
      ),
    userDaysBetween: async (from, to) => (await between(from, to, "U#")).map(userDayOf),
    readBetween: async (from, to) => {
      const items = Map.groupBy(
        await between(from, to, ""),
        (item) => item["sk"]?.S?.slice(0, 2) ?? "",
      );
      return {
        userDays: (items.get("U#") ?? []).map(userDayOf),
        sessionDays: (items.get("S#") ?? []).map(sessionDayOf),
      };
    },
  };
}

/** The partition that holds a user's roll-ups of a day. */
export function dayPartition(user: UserPseudonym, day: Day): string {
  let sum = 0;
  for (const char of user) {
    sum += char.codePointAt(0) ?? 0;
  }
  return `D#${day}#${sum % DAY_SHARDS}`;
}

function userDayOf(item: Item): UserDay {
  return decodeUserDay(
    {
      user: item["sk"]?.S?.slice(2) ?? "",
      day: item["pk"]?.S?.slice(2, 12) ?? "",
      version: versionOf(item),
    },
    item["d"]?.S ?? "",
  );
}

function sessionDayOf(item: Item): SessionDay {
  const [, user = "", session = ""] = /^S#([^#]*)#(.*)$/s.exec(item["sk"]?.S ?? "") ?? [];
  return decodeSessionDay(
    { user, session, day: item["pk"]?.S?.slice(2, 12) ?? "", version: versionOf(item) },
    item["d"]?.S ?? "",
  );
}

function versionOf(item: Item): RollUpVersion {
  return { entries: Number(item["v"]?.N ?? "0"), priceBook: item["p"]?.S ?? "" };
}
