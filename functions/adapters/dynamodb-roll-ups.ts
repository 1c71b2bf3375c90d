import {
  type DynamoDBClient,
  PutItemCommand,
  type PutItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { PackedSessionDays } from "../../shared/ledger/packed/packed-session-days.ts";
import { PackedUserDays } from "../../shared/ledger/packed/packed-user-days.ts";
import {
  decodeSessionDay,
  decodeUserDay,
  encodeSessionDay,
  encodeUserDay,
} from "../../shared/ledger/roll-up-codec.ts";
import { orderOf, versionAt } from "../../shared/ledger/roll-up-order.ts";
import type { RollUpVersion, SessionDay, UserDay } from "../../shared/ledger/roll-ups.ts";
import type { RollUps, RollUpsOfPeriod } from "../../shared/ports/insights.ts";
import { isConditionFailure } from "./dynamodb-errors.ts";
import {
  type InsightsItem,
  insightsKey,
  insightsPlace,
  readInsights,
  rollUpsOfDay,
} from "./insights-keys.ts";

/**
 * Body of a session whose events have all moved to another one. The item stays, so that its version
 * still keeps an older value from coming back.
 */
const REMOVED = "";

type Condition = Pick<PutItemCommandInput, "ConditionExpression" | "ExpressionAttributeValues">;

/** Roll-ups in the insights table, under the keys of {@link insightsKey}. */
export function dynamoDbRollUps(client: DynamoDBClient, tableName: string): RollUps {
  const put = async (
    key: InsightsItem,
    version: RollUpVersion,
    body: string,
    condition: Condition,
  ) => {
    try {
      await client.send(
        new PutItemCommand({
          TableName: tableName,
          Item: {
            ...key,
            v: { N: String(orderOf(version)) },
            p: { S: version.priceBook },
            d: { S: body },
            ...(version.names !== undefined && { n: { S: version.names } }),
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
    const key = insightsKey({ kind: "session-day", user, day, session });
    // Names are compared by the day, and make each of its sessions larger.
    const { names: _, ...own } = version;
    await put(key, own, body, unlessNewer(version, body));
  };

  return {
    read: async (user, day) => {
      const items = await rollUpsOfDay(client, tableName, user, day);
      const [userDay] = items.flatMap(userDayOf);
      return {
        ...(userDay === undefined ? {} : { userDay }),
        sessionDays: items.flatMap(sessionDayOf),
        order: Math.max(0, ...items.map((item) => orderOf(versionOf(item)))),
      };
    },
    putUserDay: async (value, read) => {
      const body = encodeUserDay(value);
      const key = insightsKey({ kind: "user-day", user: value.user, day: value.day });
      const condition = read === undefined ? ABSENT : asRead(read, value.version, body);
      return put(key, value.version, body, condition);
    },
    putSessionDay: (value) => putSession(value, value.version, encodeSessionDay(value)),
    removeSessionDay: (value, version) => putSession(value, version, REMOVED),
    readBetween: async (from, to) => {
      const period = { from, to, kind: "roll-ups" } as const;
      const parts = await readInsights(client, tableName, period, packed);
      return {
        userDays: parts.flatMap(({ userDays }) => userDays),
        sessionDays: parts.flatMap(({ sessionDays }) => sessionDays),
      };
    },
  };
}

const ABSENT: Condition = { ConditionExpression: "attribute_not_exists(v)" };

/** The ledger only grows: a recomputation that saw fewer entries of the same names is the older one. */
function unlessNewer(version: RollUpVersion, body: string): Condition {
  return {
    ConditionExpression: "attribute_not_exists(v) OR v < :v OR (v = :v AND d <> :d)",
    ExpressionAttributeValues: { ":v": { N: String(orderOf(version)) }, ":d": { S: body } },
  };
}

/** Of the same entries, another value is news, and so is the same value by other prices. */
function asRead(read: UserDay, version: RollUpVersion, body: string): Condition {
  return {
    ConditionExpression: "v = :read AND (v < :v OR (v = :v AND (d <> :d OR p <> :p)))",
    ExpressionAttributeValues: {
      ":read": { N: String(orderOf(read.version)) },
      ":v": { N: String(orderOf(version)) },
      ":d": { S: body },
      ":p": { S: version.priceBook },
    },
  };
}

async function packed(pages: AsyncIterable<readonly InsightsItem[]>): Promise<RollUpsOfPeriod> {
  const userDays = new PackedUserDays();
  const sessionDays = new PackedSessionDays();
  for await (const page of pages) {
    for (const item of page) {
      for (const value of userDayOf(item)) {
        userDays.add(value);
      }
      for (const value of sessionDayOf(item)) {
        sessionDays.add(value);
      }
    }
  }
  return { userDays: userDays.values, sessionDays: sessionDays.values };
}

/** Nothing if the item is another. */
function userDayOf(item: InsightsItem): readonly UserDay[] {
  const place = insightsPlace(item);
  if (place?.kind !== "user-day") {
    return [];
  }
  const { user, day } = place;
  return [decodeUserDay({ user, day, version: versionOf(item) }, item["d"]?.S ?? "")];
}

/** Nothing if the item is another, or the session was taken away. */
function sessionDayOf(item: InsightsItem): readonly SessionDay[] {
  const place = insightsPlace(item);
  const body = item["d"]?.S ?? "";
  if (place?.kind !== "session-day" || body === REMOVED) {
    return [];
  }
  const { user, day, session } = place;
  return [decodeSessionDay({ user, day, session, version: versionOf(item) }, body)];
}

function versionOf(item: InsightsItem): RollUpVersion {
  const names = item["n"]?.S;
  return {
    ...versionAt(Number(item["v"]?.N ?? "0")),
    priceBook: item["p"]?.S ?? "",
    ...(names !== undefined && { names }),
  };
}
