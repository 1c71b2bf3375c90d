import { DeleteItemCommand, type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { decodeOutcome, encodeOutcome } from "../../shared/outcomes/outcome-codec.ts";
import type { IdentityHash } from "../../shared/ports/pseudonyms.ts";
import type { Quarantine, QuarantinedRecord } from "../../shared/ports/quarantine.ts";
import type { QuarantineReason } from "../../shared/usage/parsed-batch.ts";
import { decodeUsage, encodeUsage } from "../../shared/usage/usage-codec.ts";
import { isConditionFailure, unavailable } from "./dynamodb-errors.ts";
import { queryAll } from "./dynamodb-pages.ts";

/**
 * Quarantine as items of the ledger table: partition `Q#<reason>`, sort key the hash of the record,
 * so that the same record sent again is kept once.
 */
export function dynamoDbQuarantine(
  client: DynamoDBClient,
  tableName: string,
  hash: IdentityHash,
): Quarantine {
  return {
    keep: async (record) => {
      const text =
        record.kind === "usage" ? encodeUsage(record.event) : encodeOutcome(record.event);
      try {
        await client.send(
          new PutItemCommand({
            TableName: tableName,
            Item: {
              pk: { S: partition(record.reason) },
              sk: { S: hash(text) },
              kind: { S: record.kind },
              event: { S: text },
              detail: { S: record.detail },
              receivedAt: { S: new Date(record.receivedAtMs).toISOString() },
            },
            ConditionExpression: "attribute_not_exists(pk)",
          }),
        );
      } catch (error) {
        if (!isConditionFailure(error)) {
          throw unavailable(error);
        }
      }
    },

    list: async (reason) => {
      const items = await queryAll(client, {
        TableName: tableName,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": { S: partition(reason) } },
      });
      return items.map((item): QuarantinedRecord => {
        const common = {
          key: item["sk"]?.S ?? "",
          reason,
          detail: item["detail"]?.S ?? "",
          receivedAtMs: Date.parse(item["receivedAt"]?.S ?? ""),
        };
        const text = item["event"]?.S ?? "";
        return item["kind"]?.S === "outcome"
          ? { ...common, kind: "outcome", event: decodeOutcome(text) }
          : { ...common, kind: "usage", event: decodeUsage(text) };
      });
    },

    remove: async ({ reason, key }) => {
      await client.send(
        new DeleteItemCommand({
          TableName: tableName,
          Key: { pk: { S: partition(reason) }, sk: { S: key } },
        }),
      );
    },
  };
}

function partition(reason: QuarantineReason): string {
  return `Q#${reason}`;
}
