import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { dynamoDbAlertOutbox } from "../../../functions/adapters/dynamodb-alert-outbox.ts";
import { alertToJson } from "../../../shared/alerts/alert-codec.ts";
import { aFollowUp, aWindowAlert } from "../../support/alerts.ts";

const TABLE = "insights";
const dynamoDb = mockClient(DynamoDBClient);
afterAll(() => dynamoDb.restore());
const alert = aWindowAlert();
const alertKey = { pk: { S: "ALERT#TOKENMAXXING#user-017" }, sk: { S: alert.id } };
const registerKey = { pk: { S: "ALERTS" }, sk: { S: `2026-10-12#alert#${alert.id}` } };
const outboxKey = { pk: { S: "OUTBOX" }, sk: { S: alert.id } };
const content = {
  alert: { S: alertToJson(alert) },
  asOfMs: { N: `${alert.asOfMs}` },
  recordedAtMs: { N: "7" },
};

function setup() {
  return dynamoDbAlertOutbox(new DynamoDBClient({}), TABLE);
}

function cancelled(...codes: readonly string[]) {
  return new TransactionCanceledException({
    message: "cancelled",
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({ Code })),
  });
}

function conditionFailure(stored?: Record<string, { S: string }>) {
  return new ConditionalCheckFailedException({
    message: "the condition failed",
    $metadata: {},
    ...(stored === undefined ? {} : { Item: stored }),
  });
}

beforeEach(() => {
  dynamoDb.reset();
});

describe("record", () => {
  test("writes history, register and outbox together, each only if it is not there", async () => {
    dynamoDb.on(TransactWriteItemsCommand).resolves({});

    expect(await setup().record(alert, 7)).toBe(true);
    expect(dynamoDb.commandCalls(TransactWriteItemsCommand)[0]?.args[0].input).toEqual({
      TransactItems: [alertKey, registerKey, outboxKey].map((key) => ({
        Put: {
          TableName: TABLE,
          Item: { ...key, ...content },
          ConditionExpression: "attribute_not_exists(pk)",
        },
      })),
    });
  });

  test("keeps a follow-up in the register only, under its alert and age, whatever its verdict", async () => {
    dynamoDb.on(TransactWriteItemsCommand).resolves({});

    for (const verdict of ["resolved", "raised"] as const) {
      await setup().record(aFollowUp(verdict), 7);
    }

    const keys = dynamoDb
      .commandCalls(TransactWriteItemsCommand)
      .map(({ args }) =>
        args[0].input.TransactItems?.map(({ Put }) => [Put?.Item?.["pk"]?.S, Put?.Item?.["sk"]?.S]),
      );
    const place = ["ALERTS", `2026-10-12#follow-up-72h#${alert.id}`];
    expect(keys).toEqual([
      [place, ["OUTBOX", `${alert.id}-72h-resolved`]],
      [place, ["OUTBOX", `${alert.id}-72h-raised`]],
    ]);
  });

  test("answers false for an alert that is there: also one that was sent and left the outbox", async () => {
    dynamoDb.on(TransactWriteItemsCommand).rejects(cancelled("ConditionalCheckFailed", "None"));

    expect(await setup().record(alert, 7)).toBe(false);
  });

  test.each([
    ["another transaction on the same items", cancelled("None", "TransactionConflict")],
    ["throttling", Object.assign(new Error("slow down"), { name: "ThrottlingException" })],
  ])("%s is an error: the alert is not known to be recorded", async (_, error) => {
    dynamoDb.on(TransactWriteItemsCommand).rejects(error);

    await expect(setup().record(alert, 7)).rejects.toThrow();
  });
});

describe("recentAsOf", () => {
  test("reads the person's alerts of that type over all pages, latest first, none before the time given", async () => {
    const item = (asOfMs: number) => ({ ...alertKey, asOfMs: { N: `${asOfMs}` } });
    dynamoDb
      .on(QueryCommand)
      .resolvesOnce({ Items: [item(10), item(30)], LastEvaluatedKey: alertKey })
      .resolves({ Items: [item(20), item(9)] });

    expect(await setup().recentAsOf("TOKENMAXXING", "user-017", 10)).toEqual([30, 20, 10]);
    const [first, second] = dynamoDb.commandCalls(QueryCommand).map(({ args }) => args[0].input);
    expect(first).toMatchObject({
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": alertKey.pk },
      ConsistentRead: true,
    });
    expect(second?.ExclusiveStartKey).toEqual(alertKey);
  });
});

describe("pending", () => {
  test("reads every page of the outbox, strongly consistent", async () => {
    dynamoDb
      .on(QueryCommand)
      .resolvesOnce({ Items: [{ ...outboxKey, ...content }], LastEvaluatedKey: outboxKey })
      .resolves({
        Items: [{ ...outboxKey, ...content, claimedAtMs: { N: "8" }, uncertainAtMs: { N: "9" } }],
      });

    expect(await setup().pending()).toEqual([
      { alert, recordedAtMs: 7 },
      { alert, recordedAtMs: 7, claimedAtMs: 8, uncertainAtMs: 9 },
    ]);
    expect(dynamoDb.commandCalls(QueryCommand)[0]?.args[0].input).toMatchObject({
      ExpressionAttributeValues: { ":pk": { S: "OUTBOX" } },
      ConsistentRead: true,
    });
  });

  test("an entry that cannot be read raises the metric and does not hold up the others", async () => {
    const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const broken = { ...outboxKey, ...content, alert: { S: "{" } };
    dynamoDb.on(QueryCommand).resolves({ Items: [broken, { ...outboxKey, ...content }] });

    expect(await setup().pending()).toEqual([{ alert, recordedAtMs: 7 }]);
    expect(write.mock.calls.join()).toContain('"AlertsUncertain":1');
  });
});

describe("claim", () => {
  test("is one conditional update, so that of two workers one gets it", async () => {
    dynamoDb.on(UpdateItemCommand).resolves({});

    expect(await setup().claim(alert.id, 11)).toBe(true);
    expect(dynamoDb.commandCalls(UpdateItemCommand)[0]?.args[0].input).toMatchObject({
      Key: outboxKey,
      ConditionExpression: "attribute_exists(pk) AND attribute_not_exists(claimToken)",
      ExpressionAttributeValues: { ":now": { N: "11" } },
    });
  });

  test("is refused if somebody else holds it", async () => {
    dynamoDb.on(UpdateItemCommand).rejects(conditionFailure({ claimToken: { S: "another" } }));

    expect(await setup().claim(alert.id, 11)).toBe(false);
  });

  test("is refused if the alert left the outbox, and does not bring it back", async () => {
    dynamoDb.on(UpdateItemCommand).rejects(conditionFailure());

    expect(await setup().claim(alert.id, 11)).toBe(false);
  });

  test("is ours if the condition fails on our own token: the SDK repeated a request whose answer got lost", async () => {
    dynamoDb.on(UpdateItemCommand).callsFake((input) => {
      throw conditionFailure({ claimToken: input.ExpressionAttributeValues[":token"] });
    });

    expect(await setup().claim(alert.id, 11)).toBe(true);
  });

  test("has a token of its own each time, so that an old claim of the same process does not count", async () => {
    dynamoDb.on(UpdateItemCommand).resolves({});
    const outbox = setup();

    await outbox.claim(alert.id, 11);
    await outbox.claim(alert.id, 12);

    const tokens = dynamoDb
      .commandCalls(UpdateItemCommand)
      .map(({ args }) => args[0].input.ExpressionAttributeValues?.[":token"]?.S);
    expect(new Set(tokens).size).toBe(2);
  });

  test("throttling is an error, and not a refusal", async () => {
    dynamoDb.on(UpdateItemCommand).rejects(new Error("throttled"));

    await expect(setup().claim(alert.id, 11)).rejects.toThrow("throttled");
  });
});

describe("release", () => {
  test("removes the claim only if it is still this one", async () => {
    dynamoDb.on(UpdateItemCommand).resolves({});
    const outbox = setup();
    await outbox.claim(alert.id, 11);

    await outbox.release(alert.id);

    const [claim, release] = dynamoDb
      .commandCalls(UpdateItemCommand)
      .map(({ args }) => args[0].input);
    expect(release).toMatchObject({
      Key: outboxKey,
      UpdateExpression: "REMOVE claimedAtMs, claimToken",
      ConditionExpression: "claimToken = :token",
      ExpressionAttributeValues: { ":token": claim?.ExpressionAttributeValues?.[":token"] },
    });
  });

  test("of a claim that is another's by now changes nothing", async () => {
    dynamoDb.on(UpdateItemCommand).resolvesOnce({}).rejects(conditionFailure());
    const outbox = setup();
    await outbox.claim(alert.id, 11);

    await expect(outbox.release(alert.id)).resolves.toBeUndefined();
  });

  test("of an alert that this process never claimed touches nothing", async () => {
    await setup().release(alert.id);

    expect(dynamoDb.calls()).toHaveLength(0);
  });
});

describe("markSent", () => {
  const SENT = { to: "owner-shop", messageIds: ["m-1"] };

  test("notes to whom it went, and empties the outbox in one transaction: a crash leaves both or neither", async () => {
    dynamoDb.on(QueryCommand).resolves({ Items: [{ ...outboxKey, ...content }] });
    dynamoDb.on(TransactWriteItemsCommand).resolves({});

    await setup().markSent(alert.id, 13, { to: "owner-shop", messageIds: ["m-1", "m-2"] });

    expect(dynamoDb.commandCalls(TransactWriteItemsCommand)[0]?.args[0].input).toEqual({
      TransactItems: [
        {
          Update: {
            TableName: TABLE,
            Key: registerKey,
            UpdateExpression: "SET sentAtMs = :now, sentTo = :to, messageIds = :ids",
            ExpressionAttributeValues: {
              ":now": { N: "13" },
              ":to": { S: "owner-shop" },
              ":ids": { L: [{ S: "m-1" }, { S: "m-2" }] },
            },
          },
        },
        { Delete: { TableName: TABLE, Key: outboxKey } },
      ],
    });
  });

  test("notes the message ids of a follow-up where the register keeps it", async () => {
    const followUp = aFollowUp("resolved");
    dynamoDb.on(QueryCommand).resolves({
      Items: [{ ...content, pk: { S: "OUTBOX" }, alert: { S: alertToJson(followUp) } }],
    });
    dynamoDb.on(TransactWriteItemsCommand).resolves({});

    await setup().markSent(followUp.id, 13, SENT);

    const [update] =
      dynamoDb.commandCalls(TransactWriteItemsCommand)[0]?.args[0].input.TransactItems ?? [];
    expect(update?.Update?.Key).toEqual({
      pk: { S: "ALERTS" },
      sk: { S: `2026-10-12#follow-up-72h#${alert.id}` },
    });
  });

  test("again, for an alert that is marked already, changes nothing", async () => {
    dynamoDb.on(QueryCommand).resolves({ Items: [] });

    await setup().markSent(alert.id, 13, SENT);

    expect(dynamoDb.commandCalls(TransactWriteItemsCommand)).toHaveLength(0);
  });

  test("a failure is an error: the entry stays claimed, and is reported later", async () => {
    dynamoDb.on(QueryCommand).resolves({ Items: [{ ...outboxKey, ...content }] });
    dynamoDb.on(TransactWriteItemsCommand).rejects(new Error("throttled"));

    await expect(setup().markSent(alert.id, 13, SENT)).rejects.toThrow("throttled");
  });
});

describe("markUncertain", () => {
  test("notes it on a claimed entry only, so that one an operator settled does not come back", async () => {
    dynamoDb.on(UpdateItemCommand).rejects(conditionFailure());

    await setup().markUncertain(alert.id, 14);

    expect(dynamoDb.commandCalls(UpdateItemCommand)[0]?.args[0].input).toMatchObject({
      Key: outboxKey,
      UpdateExpression: "SET uncertainAtMs = :now",
      ConditionExpression: "attribute_exists(claimToken)",
      ExpressionAttributeValues: { ":now": { N: "14" } },
    });
  });
});
