import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { dynamoDbRollUps } from "../../../functions/adapters/dynamodb-roll-ups.ts";
import { insightsKey, MONTH_SHARDS } from "../../../functions/adapters/insights-keys.ts";
import { foldUserDay } from "../../../shared/ledger/fold-user-day.ts";
import { REQUESTS_FIRST } from "../../../shared/ledger/grain-authority.ts";
import { plainSessionDay, plainUserDay } from "../../support/plain-roll-ups.ts";
import { aUsageEvent, flatPriceBook } from "../../support/usage-event-builder.ts";

const dynamoDb = mockClient(DynamoDBClient);
afterAll(() => dynamoDb.restore());
const rollUps = dynamoDbRollUps(new DynamoDBClient({}), "Insights");
const USER = "user-017-pseudonym-aaa";
const DAY = "2026-10-05";
const { userDay, sessionDays } = foldUserDay(USER, DAY, [aUsageEvent({ session: "a#b" })], {
  priceBook: flatPriceBook({ "claude-sonnet-4-5": 7n }),
  authority: REQUESTS_FIRST,
});

beforeEach(() => {
  dynamoDb.reset();
});

async function stored() {
  dynamoDb.on(PutItemCommand).resolves({});
  await rollUps.putUserDay(userDay, undefined);
  await Promise.all(sessionDays.map((value) => rollUps.putSessionDay(value)));
  const items = dynamoDb.commandCalls(PutItemCommand).map((call) => call.args[0].input.Item ?? {});
  dynamoDb.reset();
  return items;
}

describe("roll-ups in DynamoDB", () => {
  test("never let a session that rests on fewer entries replace one that rests on more", async () => {
    dynamoDb
      .on(PutItemCommand)
      .rejects(new ConditionalCheckFailedException({ message: "refused", $metadata: {} }));

    await Promise.all(sessionDays.map((value) => rollUps.putSessionDay(value)));

    expect(dynamoDb.commandCalls(PutItemCommand)[0]?.args[0].input).toMatchObject({
      ConditionExpression: "attribute_not_exists(v) OR v < :v OR (v = :v AND d <> :d)",
      ExpressionAttributeValues: { ":v": { N: "1" } },
    });
  });

  test("store a person's day only over what was read, and say if somebody else was faster", async () => {
    dynamoDb
      .on(PutItemCommand)
      .resolvesOnce({})
      .rejects(new ConditionalCheckFailedException({ message: "refused", $metadata: {} }));
    const newer = { ...userDay, version: { ...userDay.version, entries: 3 } };

    expect(await rollUps.putUserDay(userDay, undefined)).toBe(true);
    expect(await rollUps.putUserDay(newer, userDay)).toBe(false);
    expect(dynamoDb.commandCalls(PutItemCommand).map((call) => call.args[0].input)).toMatchObject([
      { ConditionExpression: "attribute_not_exists(v)" },
      {
        ConditionExpression: "v = :read AND (v < :v OR (v = :v AND (d <> :d OR p <> :p)))",
        ExpressionAttributeValues: { ":read": { N: "1" }, ":v": { N: "3" } },
      },
    ]);
  });

  test("order values of other names after any number of entries, and read both back", async () => {
    dynamoDb.on(PutItemCommand).resolves({});
    const joined = { entries: 5, priceBook: "flat-1", names: "key mail", nameChanges: 1 };
    const [session] = sessionDays.map((value) => ({ ...value, version: joined }));
    if (session === undefined) {
      throw new Error("the day has a session");
    }

    await rollUps.putUserDay({ ...userDay, version: joined }, userDay);
    await rollUps.putSessionDay(session);

    const [day, ofSession] = dynamoDb
      .commandCalls(PutItemCommand)
      .map((call) => call.args[0].input);
    expect(day?.ExpressionAttributeValues).toMatchObject({
      ":read": { N: "1" },
      ":v": { N: "1000000005" },
    });
    expect(ofSession?.Item).not.toHaveProperty("n");
    dynamoDb.on(QueryCommand).resolves({ Items: [day?.Item ?? {}, ofSession?.Item ?? {}] });
    const { names: _, ...withoutNames } = joined;
    expect(await rollUps.read(USER, DAY)).toMatchObject({
      userDay: { version: joined },
      sessionDays: [{ version: withoutNames }],
    });
  });

  test("of a session that was taken away are not read, and their version stays", async () => {
    dynamoDb.on(PutItemCommand).resolves({});
    const [session] = sessionDays;
    if (session === undefined) {
      throw new Error("the day has a session");
    }

    await rollUps.removeSessionDay(session, { entries: 7, priceBook: "flat-1" });

    const { Item, ConditionExpression } =
      dynamoDb.commandCalls(PutItemCommand)[0]?.args[0].input ?? {};
    expect(Item).toMatchObject({ sk: { S: `${DAY}#${USER}#S#a#b` }, v: { N: "7" } });
    expect(ConditionExpression).toContain("v < :v");
    dynamoDb.on(QueryCommand).resolves({ Items: Item === undefined ? [] : [Item] });
    expect((await rollUps.readBetween(DAY, "2026-10-06")).sessionDays).toEqual([]);
  });

  test("read back as they were stored, also a session id with a separator in it", async () => {
    const items = await stored();
    dynamoDb.on(QueryCommand).resolves({ Items: items });

    expect(await rollUps.read(USER, DAY)).toEqual({ userDay, sessionDays, order: 1 });
  });

  test("of a period are read from every shard of every month, each kind apart from session scores", async () => {
    const score = insightsKey({ kind: "session-score", user: USER, day: DAY, session: "s" });
    const [day = {}, ...sessions] = await stored();
    dynamoDb
      .on(QueryCommand)
      .resolvesOnce({ Items: [day, score], LastEvaluatedKey: score })
      .resolves({ Items: [] })
      .on(QueryCommand, { ExclusiveStartKey: score })
      .resolves({ Items: sessions });

    const read = await rollUps.readBetween("2026-09-30", "2026-10-06");

    expect(read.userDays.map(plainUserDay)).toEqual([userDay]);
    expect(read.sessionDays.map(plainSessionDay)).toEqual(sessionDays);
    const queries = dynamoDb.commandCalls(QueryCommand).map((call) => call.args[0].input);
    expect(queries).toHaveLength(2 * MONTH_SHARDS + 1);
    expect(queries[0]).toMatchObject({
      FilterExpression: "attribute_exists(v)",
      ExpressionAttributeValues: { ":from": { S: "2026-09-30" }, ":to": { S: "2026-10-06" } },
    });
  });

  test("pass on what DynamoDB says otherwise, so that the stream brings the day again", async () => {
    dynamoDb.on(PutItemCommand).rejects(new Error("throttled"));

    await expect(rollUps.putUserDay(userDay, undefined)).rejects.toThrow("throttled");
  });
});
