import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { dynamoDbQuarantine } from "../../../functions/adapters/dynamodb-quarantine.ts";
import type { UncountedRecord } from "../../../shared/ports/quarantine.ts";
import { LedgerUnavailableError } from "../../../shared/ports/usage-ledger.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";
import { aUsageEvent } from "../../support/usage-event-builder.ts";

const dynamoDb = mockClient(DynamoDBClient);
afterAll(() => dynamoDb.restore());
const quarantine = dynamoDbQuarantine(
  new DynamoDBClient({}),
  "Ledger",
  (text) => `h${text.length}`,
);
const common = {
  reason: "clock-in-future",
  detail: "two hours ahead",
  receivedAtMs: 1_790_000_000_000,
} as const;
const usage: UncountedRecord = {
  ...common,
  kind: "usage",
  event: aUsageEvent({ reportedCostNanoUsd: 5n }),
};
const outcome: UncountedRecord = { ...common, kind: "outcome", event: anOutcomeEvent() };

beforeEach(() => {
  dynamoDb.reset();
});

describe("the quarantine", () => {
  test.each([usage, outcome])("gives back a $kind record as it was kept", async (record) => {
    dynamoDb.on(PutItemCommand).resolves({});
    await quarantine.keep(record);
    const Item = dynamoDb.commandCalls(PutItemCommand)[0]?.args[0].input.Item ?? {};
    dynamoDb.on(QueryCommand).resolves({ Items: [Item] });
    dynamoDb.on(DeleteItemCommand).resolves({});

    const [listed] = await quarantine.list("clock-in-future");

    expect(listed).toEqual({ ...record, key: Item["sk"]?.S });
    if (listed !== undefined) {
      await quarantine.remove(listed);
    }
    expect(dynamoDb.commandCalls(DeleteItemCommand)[0]?.args[0].input.Key).toEqual({
      pk: Item["pk"],
      sk: Item["sk"],
    });
  });

  test("keeps a record once that comes again", async () => {
    dynamoDb
      .on(PutItemCommand)
      .rejects(new ConditionalCheckFailedException({ message: "there", $metadata: {} }));

    await expect(quarantine.keep(usage)).resolves.toBeUndefined();
  });

  test("asks to send again if it cannot keep the record: nothing is lost", async () => {
    dynamoDb.on(PutItemCommand).rejects(new Error("down"));

    await expect(quarantine.keep(usage)).rejects.toThrow(LedgerUnavailableError);
  });
});
