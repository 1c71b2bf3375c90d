import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { dynamoDbOutcomeLedger } from "../../../functions/adapters/dynamodb-outcome-ledger.ts";
import { encodeOutcome } from "../../../shared/outcomes/outcome-codec.ts";
import { LedgerUnavailableError } from "../../../shared/ports/usage-ledger.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";

const dynamoDb = mockClient(DynamoDBClient);
afterAll(() => dynamoDb.restore());
const ledger = dynamoDbOutcomeLedger(
  new DynamoDBClient({}),
  "Ledger",
  (identity) => `h${identity}`,
);

function conditionFailure(text: string) {
  return new ConditionalCheckFailedException({
    message: "The conditional request failed",
    $metadata: {},
    Item: { o: { S: text } },
  });
}

beforeEach(() => {
  dynamoDb.reset();
});

describe("append", () => {
  test("puts an outcome under its month, time and identity, on condition that it is new", async () => {
    dynamoDb.on(PutItemCommand).resolves({});

    expect(await ledger.append(anOutcomeEvent())).toBe("committed");

    const [call] = dynamoDb.commandCalls(PutItemCommand);
    expect(call?.args[0].input).toMatchObject({
      ConditionExpression: "attribute_not_exists(pk)",
      Item: { sk: { S: "2026-10-06T15:00:00.000Z#hgithub:acme/web#4242" } },
    });
    expect(call?.args[0].input.Item?.["pk"]?.S).toMatch(/^O#202610#[0-3]$/);
  });

  test("knows an outcome again, and tells another content from it", async () => {
    dynamoDb.on(PutItemCommand).rejects(conditionFailure(encodeOutcome(anOutcomeEvent())));

    expect(await ledger.append(anOutcomeEvent())).toBe("duplicate");
    expect(await ledger.append(anOutcomeEvent({ branch: "other" }))).toBe("conflict");
  });

  test("asks to send again on any other error", async () => {
    dynamoDb.on(PutItemCommand).rejects(new Error("socket hang up"));

    await expect(ledger.append(anOutcomeEvent())).rejects.toThrow(LedgerUnavailableError);
  });
});

describe("readBetween", () => {
  test("reads every shard of every month, in order of time, with the end left out", async () => {
    const early = anOutcomeEvent({ id: "a", timeMs: Date.UTC(2026, 8, 30) });
    const late = anOutcomeEvent({ id: "b", timeMs: Date.UTC(2026, 9, 2) });
    const after = anOutcomeEvent({ id: "c", timeMs: Date.UTC(2026, 9, 3) });
    dynamoDb.on(QueryCommand).resolves({ Items: [] });
    dynamoDb
      .on(QueryCommand, { ExpressionAttributeValues: { ":pk": { S: "O#202610#1" } } }, false)
      .resolves({ Items: [after, late].map((outcome) => ({ o: { S: encodeOutcome(outcome) } })) });
    dynamoDb
      .on(QueryCommand, { ExpressionAttributeValues: { ":pk": { S: "O#202609#3" } } }, false)
      .resolves({ Items: [{ o: { S: encodeOutcome(early) } }] });

    const outcomes = await ledger.readBetween("2026-09-30", "2026-10-03");

    expect(outcomes).toEqual([early, late]);
    expect(dynamoDb.commandCalls(QueryCommand)).toHaveLength(8);
  });
});
