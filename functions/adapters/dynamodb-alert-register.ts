import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { type Alert, REVIEW_AGES } from "../../shared/alerts/alert.ts";
import { type AlertAnswer, AlertAnswers, withAnswer } from "../../shared/alerts/alert-answer.ts";
import type { AlertCase } from "../../shared/alerts/alert-case.ts";
import { alertFromJson } from "../../shared/alerts/alert-codec.ts";
import { JsonText } from "../../shared/json-text.ts";
import { startOfDay } from "../../shared/ledger/calendar.ts";
import type { AlertRegister } from "../../shared/ports/alert-register.ts";
import { describeError } from "../middleware/describe-error.ts";
import { REGISTER_PARTITION, registerKey } from "./alert-keys.ts";
import { isConditionFailure } from "./dynamodb-errors.ts";
import { queryAll } from "./dynamodb-pages.ts";

type Item = Readonly<Record<string, AttributeValue>>;

const StoredAnswers = JsonText.pipe(AlertAnswers);
const ATTEMPTS = 5;

/** Where everything that is known of one alert lies. */
const CASE_ITEMS = [
  "alert",
  "answer",
  ...REVIEW_AGES.map((age) => `follow-up-${age}` as const),
] as const;

/**
 * The register in the insights table: partition `ALERTS`, an item for each alert, which the outbox writes
 * with it, and one for what its owner answered.
 */
export function dynamoDbAlertRegister(client: DynamoDBClient, tableName: string): AlertRegister {
  return {
    decidedSince: async (day) =>
      casesOf(
        await queryAll(client, {
          TableName: tableName,
          KeyConditionExpression: "pk = :pk AND sk >= :day",
          ExpressionAttributeValues: { ":pk": { S: REGISTER_PARTITION }, ":day": { S: day } },
          ConsistentRead: true,
        }),
      ),

    find: async ({ id, decided }) => {
      const alert = { id, asOfMs: startOfDay(decided) };
      const items = await Promise.all(
        CASE_ITEMS.map((what) => itemAt(client, tableName, registerKey(alert, what))),
      );
      return casesOf(items.filter((item) => item !== undefined))[0];
    },

    answer: async (alert, answer) => {
      for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
        try {
          return await answerOnce(client, tableName, alert, answer);
        } catch (error) {
          // Somebody else answered in between: theirs goes into the history, or is the same.
          if (!isConditionFailure(error)) {
            throw error;
          }
        }
      }
      return await answerOnce(client, tableName, alert, answer);
    },
  };
}

async function itemAt(
  client: DynamoDBClient,
  tableName: string,
  key: ReturnType<typeof registerKey>,
): Promise<Item | undefined> {
  const { Item: found } = await client.send(
    new GetItemCommand({ TableName: tableName, Key: key, ConsistentRead: true }),
  );
  return found;
}

/** @throws {ConditionalCheckFailedException} if another answer was stored while this one was made. */
async function answerOnce(
  client: DynamoDBClient,
  tableName: string,
  alert: Alert,
  answer: AlertAnswer,
): Promise<AlertAnswers> {
  const key = registerKey(alert, "answer");
  const read = (await itemAt(client, tableName, key))?.["answers"];
  const known = read?.S === undefined ? undefined : StoredAnswers.parse(read.S);
  const next = withAnswer(known, answer);
  if (next !== known) {
    await client.send(
      new PutItemCommand({
        TableName: tableName,
        Item: { ...key, alertId: { S: alert.id }, answers: { S: JSON.stringify(next) } },
        ...stillAsRead(read),
      }),
    );
  }
  return next;
}

function stillAsRead(read: AttributeValue | undefined) {
  return read === undefined
    ? { ConditionExpression: "attribute_not_exists(pk)" }
    : {
        ConditionExpression: "answers = :read",
        ExpressionAttributeValues: { ":read": read },
      };
}

function casesOf(items: readonly Item[]): readonly AlertCase[] {
  const answers = new Map(
    items.flatMap(({ alertId, answers: stored }) =>
      alertId?.S === undefined || stored?.S === undefined
        ? []
        : [[alertId.S, StoredAnswers.parse(stored.S)] as const],
    ),
  );
  const registered = items.flatMap(readableAlert);
  const followUps = Map.groupBy(registered, ({ alert }) => alert.review?.of?.id);
  return registered
    .filter(({ alert }) => alert.review?.of === undefined)
    .map((first) => {
      const { alert } = first;
      const answered = answers.get(alert.id);
      const later = (followUps.get(alert.id) ?? []).toSorted(
        (a, b) => a.alert.asOfMs - b.alert.asOfMs,
      );
      const sentTo = [first, ...later].findLast((told) => told.sentTo !== undefined)?.sentTo;
      return {
        alert,
        ...(answered === undefined ? {} : { answers: answered }),
        followUps: later.map((told) => told.alert),
        ...(sentTo === undefined ? {} : { sentTo }),
      };
    });
}

type Registered = { readonly alert: Alert; readonly sentTo: string | undefined };

/** One alert that cannot be read must not cost the others their answers, nor a night its scoring. */
function readableAlert(item: Item): readonly Registered[] {
  const text = item["alert"]?.S;
  try {
    return text === undefined ? [] : [{ alert: alertFromJson(text), sentTo: item["sentTo"]?.S }];
  } catch (error) {
    console.error({
      message: "an alert in the register cannot be read: its answer counts for nothing",
      sortKey: item["sk"]?.S,
      error: describeError(error),
    });
    return [];
  }
}
