import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { dynamoDbAlertRegister } from "../../../functions/adapters/dynamodb-alert-register.ts";
import type { AlertAnswer } from "../../../shared/alerts/alert-answer.ts";
import { alertToJson } from "../../../shared/alerts/alert-codec.ts";
import { aFollowUp, aWindowAlert } from "../../support/alerts.ts";

const TABLE = "insights";
const dynamoDb = mockClient(DynamoDBClient);
afterAll(() => dynamoDb.restore());

const alert = aWindowAlert();
const other = aWindowAlert({ id: "week-user-018-2026-10-12" });
const answer: AlertAnswer = { answer: "waste", by: "owner-shop", atMs: 7 };
const answers = { last: answer, earlier: [] };
const answerKey = { pk: { S: "ALERTS" }, sk: { S: `2026-10-12#answer#${alert.id}` } };
const answerItem = {
  ...answerKey,
  alertId: { S: alert.id },
  answers: { S: JSON.stringify(answers) },
};

function alertKeyOf(id: string) {
  return { pk: { S: "ALERTS" }, sk: { S: `2026-10-12#alert#${id}` } };
}

function alertItem(of: typeof alert) {
  return {
    ...alertKeyOf(of.id),
    alert: { S: alertToJson(of) },
  };
}

function setup() {
  return dynamoDbAlertRegister(new DynamoDBClient({}), TABLE);
}

function conditionFailure() {
  return new ConditionalCheckFailedException({ message: "the condition failed", $metadata: {} });
}

beforeEach(() => {
  dynamoDb.reset();
});

describe("decidedSince", () => {
  test("reads alerts and answers from a day on, over all pages, and puts them together", async () => {
    dynamoDb
      .on(QueryCommand)
      .resolvesOnce({ Items: [alertItem(alert)], LastEvaluatedKey: answerKey })
      .resolves({ Items: [alertItem(other), answerItem] });

    expect(await setup().decidedSince("2026-10-01")).toEqual([
      { alert, answers, followUps: [] },
      { alert: other, followUps: [] },
    ]);
    expect(dynamoDb.commandCalls(QueryCommand)[0]?.args[0].input).toMatchObject({
      TableName: TABLE,
      KeyConditionExpression: "pk = :pk AND sk >= :day",
      ExpressionAttributeValues: { ":pk": { S: "ALERTS" }, ":day": { S: "2026-10-01" } },
      ConsistentRead: true,
    });
  });

  test("puts what was told at later ages with its alert, earliest first", async () => {
    const first = aFollowUp("resolved");
    const second = aFollowUp("raised", { asOfMs: first.asOfMs + 1 });
    dynamoDb.on(QueryCommand).resolves({ Items: [second, alert, other, first].map(alertItem) });

    expect(await setup().decidedSince("2026-10-01")).toEqual([
      { alert, followUps: [first, second] },
      { alert: other, followUps: [] },
    ]);
  });

  test("says whom the last message that was sent went to", async () => {
    const followUp = aFollowUp("resolved");
    const sent = (item: ReturnType<typeof alertItem>, to: string) => ({
      ...item,
      sentTo: { S: to },
    });
    dynamoDb
      .on(QueryCommand)
      .resolvesOnce({ Items: [sent(alertItem(alert), "owner-shop"), alertItem(followUp)] })
      .resolves({
        Items: [sent(alertItem(alert), "owner-shop"), sent(alertItem(followUp), "owner-web")],
      });

    const [before] = await setup().decidedSince("2026-10-01");
    const [after] = await setup().decidedSince("2026-10-01");

    expect(before?.sentTo).toBe("owner-shop");
    expect(after?.sentTo).toBe("owner-web");
  });

  test("an alert that cannot be read is logged, and costs the others nothing", async () => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    const broken = { ...alertItem(alert), alert: { S: "{" } };
    dynamoDb.on(QueryCommand).resolves({ Items: [broken, alertItem(other)] });

    expect(await setup().decidedSince("2026-10-01")).toEqual([{ alert: other, followUps: [] }]);
    expect(log).toHaveBeenCalledOnce();
  });
});

describe("find", () => {
  const wanted = { id: alert.id, decided: "2026-10-12" };
  const at = (sk: string) => ({ pk: { S: "ALERTS" }, sk: { S: sk } });

  test("reads the alert, its answer and what was told later by their keys, and nothing else", async () => {
    const followUp = aFollowUp("resolved");
    dynamoDb
      .on(GetItemCommand)
      .resolves({})
      .on(GetItemCommand, { Key: alertKeyOf(alert.id) })
      .resolves({ Item: alertItem(alert) })
      .on(GetItemCommand, { Key: answerKey })
      .resolves({ Item: answerItem })
      .on(GetItemCommand, { Key: at(`2026-10-12#follow-up-72h#${alert.id}`) })
      .resolves({ Item: alertItem(followUp) });

    expect(await setup().find(wanted)).toEqual({ alert, answers, followUps: [followUp] });
    expect(dynamoDb.calls().map(({ args }) => args[0].input)).toEqual(
      ["alert", "answer", "follow-up-72h", "follow-up-14d"].map((what) => ({
        TableName: TABLE,
        Key: at(`2026-10-12#${what}#${alert.id}`),
        ConsistentRead: true,
      })),
    );
  });

  test("finds no alert of another day, even where somebody answered one", async () => {
    dynamoDb.on(GetItemCommand).resolves({});
    dynamoDb.on(GetItemCommand, { Key: answerKey }).resolves({ Item: answerItem });

    expect(await setup().find(wanted)).toBeUndefined();
  });

  test("a store that cannot be read is an error, and no missing alert", async () => {
    dynamoDb.on(GetItemCommand).rejects(new Error("throttled"));

    await expect(setup().find(wanted)).rejects.toThrow("throttled");
  });
});

describe("answer", () => {
  test("is stored beside the alert, only if nobody else answered in between", async () => {
    dynamoDb.on(GetItemCommand).resolves({});
    dynamoDb.on(PutItemCommand).resolves({});

    expect(await setup().answer(alert, answer)).toEqual(answers);
    expect(dynamoDb.commandCalls(GetItemCommand)[0]?.args[0].input).toMatchObject({
      Key: answerKey,
      ConsistentRead: true,
    });
    expect(dynamoDb.commandCalls(PutItemCommand)[0]?.args[0].input).toEqual({
      TableName: TABLE,
      Item: answerItem,
      ConditionExpression: "attribute_not_exists(pk)",
    });
  });

  test("again, the same, writes nothing", async () => {
    dynamoDb.on(GetItemCommand).resolves({ Item: answerItem });

    expect(await setup().answer(alert, { ...answer, atMs: 99 })).toEqual(answers);
    expect(dynamoDb.commandCalls(PutItemCommand)).toHaveLength(0);
  });

  test("changed, takes the place of the one that was read", async () => {
    dynamoDb.on(GetItemCommand).resolves({ Item: answerItem });
    dynamoDb.on(PutItemCommand).resolves({});
    const planned: AlertAnswer = { answer: "planned", by: "owner-shop", atMs: 8 };

    const stored = await setup().answer(alert, planned);

    expect(stored).toEqual({ last: planned, earlier: [answer] });
    expect(dynamoDb.commandCalls(PutItemCommand)[0]?.args[0].input).toMatchObject({
      ConditionExpression: "answers = :read",
      ExpressionAttributeValues: { ":read": answerItem.answers },
    });
  });

  test("of two at once, the second finds the first, and keeps it in the history", async () => {
    dynamoDb.on(GetItemCommand).resolvesOnce({}).resolves({ Item: answerItem });
    dynamoDb.on(PutItemCommand).rejectsOnce(conditionFailure()).resolves({});
    const planned: AlertAnswer = { answer: "planned", by: "user-017", atMs: 8 };

    expect(await setup().answer(alert, planned)).toEqual({ last: planned, earlier: [answer] });
  });

  test.each([
    ["a condition that fails for ever", conditionFailure(), 5],
    ["throttling", new Error("throttled"), 1],
  ])("%s is an error: the answer is not stored", async (_, error, attempts) => {
    dynamoDb.on(GetItemCommand).resolves({});
    dynamoDb.on(PutItemCommand).rejects(error);

    await expect(setup().answer(alert, answer)).rejects.toThrow();
    expect(dynamoDb.commandCalls(PutItemCommand)).toHaveLength(attempts);
  });
});
