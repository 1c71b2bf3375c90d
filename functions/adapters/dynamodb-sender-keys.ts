import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { SenderKey, SenderKeys } from "../../shared/ports/sender-keys.ts";
import { SENDER_KEYS_PARTITION } from "./directory-keys.ts";
import { isConditionFailure } from "./dynamodb-errors.ts";
import { queryAll } from "./dynamodb-pages.ts";

const Text = z.object({ S: z.string() }).transform(({ S }) => S);
const Milliseconds = z.object({ N: z.string().regex(/^\d+$/) }).transform(({ N }) => Number(N));

const StoredKey = z
  .object({
    sk: Text,
    secretHash: Text,
    source: Text,
    user: Text.exactOptional(),
    createdAtMs: Milliseconds,
    revokedAtMs: Milliseconds.exactOptional(),
  })
  .transform(({ sk, ...key }) => ({ keyId: sk, ...key }));

/** Thrown when a key is created under an id that is taken. */
export class SenderKeyExistsError extends Error {
  override readonly name = "SenderKeyExistsError";

  constructor(keyId: string) {
    super(`there is a key ${keyId} already`);
  }
}

/** Sender keys as items of the directory table: partition `KEYS`, sort key the key's id. */
export function dynamoDbSenderKeys(client: DynamoDBClient, tableName: string): SenderKeys {
  const keyOf = (keyId: string) => ({ pk: { S: SENDER_KEYS_PARTITION }, sk: { S: keyId } });
  return {
    find: async (keyId) => {
      const { Item } = await client.send(
        new GetItemCommand({
          TableName: tableName,
          Key: keyOf(keyId),
          // API Gateway remembers a refusal for a minute: a new key must not meet a stale replica.
          ConsistentRead: true,
        }),
      );
      return Item === undefined ? undefined : StoredKey.parse(Item);
    },

    list: async () => {
      const items = await queryAll(client, {
        TableName: tableName,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": { S: SENDER_KEYS_PARTITION } },
      });
      return items.map((item) => StoredKey.parse(item));
    },

    create: async (key) => {
      try {
        await client.send(
          new PutItemCommand({
            TableName: tableName,
            Item: { ...keyOf(key.keyId), ...attributesOf(key) },
            ConditionExpression: "attribute_not_exists(pk)",
          }),
        );
      } catch (error) {
        throw isConditionFailure(error) ? new SenderKeyExistsError(key.keyId) : error;
      }
    },

    revoke: async (keyId, nowMs) => {
      try {
        await client.send(
          new UpdateItemCommand({
            TableName: tableName,
            Key: keyOf(keyId),
            // Revoking again must not move the time from which the key was no good.
            UpdateExpression: "SET revokedAtMs = if_not_exists(revokedAtMs, :now)",
            ConditionExpression: "attribute_exists(pk)",
            ExpressionAttributeValues: { ":now": { N: String(nowMs) } },
          }),
        );
        return true;
      } catch (error) {
        if (isConditionFailure(error)) {
          return false;
        }
        throw error;
      }
    },
  };
}

function attributesOf(key: SenderKey): Record<string, AttributeValue> {
  return {
    secretHash: { S: key.secretHash },
    source: { S: key.source },
    createdAtMs: { N: String(key.createdAtMs) },
    ...(key.user === undefined ? {} : { user: { S: key.user } }),
    ...(key.revokedAtMs === undefined ? {} : { revokedAtMs: { N: String(key.revokedAtMs) } }),
  };
}
