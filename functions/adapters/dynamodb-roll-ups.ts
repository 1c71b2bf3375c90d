import {
  type AttributeValue,
  type DynamoDBClient,
  PutItemCommand,
  type PutItemCommandInput,
} from "@aws-sdk/client-dynamodb";
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
 * Body of a session whose events have all moved to another one. The item stays, so that its version
 * still keeps an older value from coming back.
 */
const REMOVED = "";

type Condition = Pick<PutItemCommandInput, "ConditionExpression" | "ExpressionAttributeValues">;

/**
 * Roll-ups in the insights table: partition `D#<day>#<shard of the user>`, sort key `U#<user>` for
 * the day and `S#<user>#<session>` for its sessions.
 */
export function dynamoDbRollUps(client: DynamoDBClient, tableName: string): RollUps {
  const put = async (key: Item, version: RollUpVersion, body: string, condition: Condition) => {
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
          ...condition,
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

  const putSession = async (value: SessionDay, version: RollUpVersion, body: string) => {
    const { user, day, session } = value;
    const key = { pk: { S: dayPartition(user, day) }, sk: { S: `S#${user}#${session}` } };
    await put(key, version, body, unlessNewer(version, body));
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
        sessionDays: (sessions ?? []).flatMap(sessionDayOf),
      };
    },
    putUserDay: async (value, read) => {
      const body = encodeUserDay(value);
      const key = { pk: { S: dayPartition(value.user, value.day) }, sk: { S: `U#${value.user}` } };
      const condition = read === undefined ? ABSENT : asRead(read, value.version, body);
      return put(key, value.version, body, condition);
    },
    putSessionDay: (value) => putSession(value, value.version, encodeSessionDay(value)),
    removeSessionDay: (value, version) => putSession(value, version, REMOVED),
    userDaysBetween: async (from, to) => (await between(from, to, "U#")).map(userDayOf),
    readBetween: async (from, to) => {
      const items = Map.groupBy(
        await between(from, to, ""),
        (item) => item["sk"]?.S?.slice(0, 2) ?? "",
      );
      return {
        userDays: (items.get("U#") ?? []).map(userDayOf),
        sessionDays: (items.get("S#") ?? []).flatMap(sessionDayOf),
      };
    },
  };
}

const ABSENT: Condition = { ConditionExpression: "attribute_not_exists(v)" };

/** The ledger only grows: a recomputation that saw fewer entries is the older one. */
function unlessNewer({ entries }: RollUpVersion, body: string): Condition {
  return {
    ConditionExpression: "attribute_not_exists(v) OR v < :v OR (v = :v AND d <> :d)",
    ExpressionAttributeValues: { ":v": { N: String(entries) }, ":d": { S: body } },
  };
}

function asRead(read: UserDay, { entries }: RollUpVersion, body: string): Condition {
  return {
    ConditionExpression: "v = :read AND (v < :v OR (v = :v AND d <> :d))",
    ExpressionAttributeValues: {
      ":read": { N: String(read.version.entries) },
      ":v": { N: String(entries) },
      ":d": { S: body },
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

/** Nothing if the session was taken away. */
function sessionDayOf(item: Item): readonly SessionDay[] {
  const body = item["d"]?.S ?? "";
  if (body === REMOVED) {
    return [];
  }
  const [, user = "", session = ""] = /^S#([^#]*)#(.*)$/s.exec(item["sk"]?.S ?? "") ?? [];
  const key = { user, session, day: item["pk"]?.S?.slice(2, 12) ?? "", version: versionOf(item) };
  return [decodeSessionDay(key, body)];
}

function versionOf(item: Item): RollUpVersion {
  return { entries: Number(item["v"]?.N ?? "0"), priceBook: item["p"]?.S ?? "" };
}
