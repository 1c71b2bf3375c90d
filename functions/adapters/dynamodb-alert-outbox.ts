import { randomUUID } from "node:crypto";
import {
  type AttributeValue,
  type DynamoDBClient,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import type { Alert } from "../../shared/alerts/alert.ts";
import { alertFromJson, alertToJson } from "../../shared/alerts/alert-codec.ts";
import type { AlertOutbox, OutboxEntry } from "../../shared/ports/alert-outbox.ts";
import { describeError } from "../middleware/describe-error.ts";
import {
  historyPartition,
  lastingKeys,
  OUTBOX_PARTITION,
  outboxKey,
  registeredKey,
} from "./alert-keys.ts";
import { isCancelledByCondition, isConditionFailure } from "./dynamodb-errors.ts";
import { queryAll } from "./dynamodb-pages.ts";
import { emitMetrics } from "./metrics.ts";

type Item = Readonly<Record<string, AttributeValue>>;

/**
 * Alerts in the insights table. Each is three items, written in one transaction:
 *
 * - `ALERT#<type>#<user or team>` / alert id: stays. It makes the id unique for ever, and is the history
 *   that quiet periods are read from.
 * - `ALERTS` / day and alert id: stays. It is the register, where it is noted to whom and when it
 *   was sent, and where answers and follow-ups are kept beside it.
 * - `OUTBOX` / alert id: there until the alert is sent. It holds the claim.
 *
 * A follow-up, which tells of an alert at a later age, is the last two only: it keeps nothing quiet.
 *
 * Every claim has a token of its own, kept by the process that claimed. So a repeated request, when
 * only its answer got lost, is told from the claim of somebody else, and cannot undo one.
 */
export function dynamoDbAlertOutbox(client: DynamoDBClient, tableName: string): AlertOutbox {
  const tokens = new Map<string, string>();

  const updateEntry = async (
    alertId: string,
    update: Omit<UpdateItemCommandInput, "TableName" | "Key">,
  ): Promise<{ readonly held: boolean; readonly stored?: Item }> => {
    try {
      await client.send(
        new UpdateItemCommand({ TableName: tableName, Key: outboxKey(alertId), ...update }),
      );
      return { held: true };
    } catch (error) {
      if (isConditionFailure(error)) {
        return { held: false, ...(error.Item === undefined ? {} : { stored: error.Item }) };
      }
      throw error;
    }
  };

  const entriesOf = (condition: string, values: Item) =>
    queryAll(client, {
      TableName: tableName,
      KeyConditionExpression: condition,
      ExpressionAttributeValues: values,
      ConsistentRead: true,
    });

  return {
    record: async (alert, nowMs) => {
      try {
        await client.send(
          new TransactWriteItemsCommand({
            TransactItems: itemsOf(alert, nowMs).map((item) => ({
              Put: {
                TableName: tableName,
                Item: item,
                ConditionExpression: "attribute_not_exists(pk)",
              },
            })),
          }),
        );
        return true;
      } catch (error) {
        if (isCancelledByCondition(error)) {
          return false;
        }
        throw error;
      }
    },

    recentAsOf: async (type, about, sinceMs) => {
      const alerts = await entriesOf("pk = :pk", { ":pk": { S: historyPartition(type, about) } });
      return alerts
        .map((item) => Number(item["asOfMs"]?.N))
        .filter((asOfMs) => asOfMs >= sinceMs)
        .sort((a, b) => b - a);
    },

    pending: async () =>
      (await entriesOf("pk = :pk", { ":pk": { S: OUTBOX_PARTITION } })).flatMap(readableEntry),

    claim: async (alertId, nowMs) => {
      const token = randomUUID();
      const { held, stored } = await updateEntry(alertId, {
        UpdateExpression: "SET claimedAtMs = :now, claimToken = :token",
        ConditionExpression: "attribute_exists(pk) AND attribute_not_exists(claimToken)",
        ExpressionAttributeValues: { ":now": { N: `${nowMs}` }, ":token": { S: token } },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      const claimed = held || stored?.["claimToken"]?.S === token;
      if (claimed) {
        tokens.set(alertId, token);
      }
      return claimed;
    },

    release: async (alertId) => {
      const token = tokens.get(alertId);
      if (token !== undefined) {
        await updateEntry(alertId, {
          UpdateExpression: "REMOVE claimedAtMs, claimToken",
          ConditionExpression: "claimToken = :token",
          ExpressionAttributeValues: { ":token": { S: token } },
        });
        tokens.delete(alertId);
      }
    },

    markUncertain: async (alertId, nowMs) => {
      await updateEntry(alertId, {
        UpdateExpression: "SET uncertainAtMs = :now",
        // An operator may have settled it in the meantime: an update would bring the item back.
        ConditionExpression: "attribute_exists(claimToken)",
        ExpressionAttributeValues: { ":now": { N: `${nowMs}` } },
      });
    },

    markSent: async (alertId, nowMs, { to, messageIds }) => {
      const [entry] = await entriesOf("pk = :pk AND sk = :sk", {
        ":pk": { S: OUTBOX_PARTITION },
        ":sk": { S: alertId },
      });
      if (entry === undefined) {
        return;
      }
      // Both or neither: a crash before leaves a claimed entry, which is reported as uncertain.
      await client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            {
              Update: {
                TableName: tableName,
                Key: registeredKey(entryOf(entry).alert),
                UpdateExpression: "SET sentAtMs = :now, sentTo = :to, messageIds = :ids",
                ExpressionAttributeValues: {
                  ":now": { N: `${nowMs}` },
                  ":to": { S: to },
                  ":ids": { L: messageIds.map((id) => ({ S: id })) },
                },
              },
            },
            { Delete: { TableName: tableName, Key: outboxKey(alertId) } },
          ],
        }),
      );
      tokens.delete(alertId);
    },
  };
}

function itemsOf(alert: Alert, nowMs: number): readonly Record<string, AttributeValue>[] {
  const content = {
    alert: { S: alertToJson(alert) },
    asOfMs: { N: `${alert.asOfMs}` },
    recordedAtMs: { N: `${nowMs}` },
  };
  return [...lastingKeys(alert), outboxKey(alert.id)].map((key) => ({
    ...key,
    ...content,
  }));
}

/** An entry that cannot be read must not hold up the others, nor be passed over in silence. */
function readableEntry(item: Item): readonly OutboxEntry[] {
  try {
    return [entryOf(item)];
  } catch (error) {
    console.error({
      message: "an alert in the outbox cannot be read, and is not sent",
      alertId: item["sk"]?.S,
      error: describeError(error),
    });
    emitMetrics({ AlertsUncertain: 1 });
    return [];
  }
}

function entryOf(item: Item): OutboxEntry {
  const claimedAtMs = item["claimedAtMs"]?.N;
  const uncertainAtMs = item["uncertainAtMs"]?.N;
  return {
    alert: alertFromJson(item["alert"]?.S ?? ""),
    recordedAtMs: Number(item["recordedAtMs"]?.N),
    ...(claimedAtMs === undefined ? {} : { claimedAtMs: Number(claimedAtMs) }),
    ...(uncertainAtMs === undefined ? {} : { uncertainAtMs: Number(uncertainAtMs) }),
  };
}
