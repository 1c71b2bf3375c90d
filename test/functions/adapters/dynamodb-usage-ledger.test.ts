import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  ProvisionedThroughputExceededException,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import {
  dynamoDbUsageLedger,
  eventsOfSegment,
} from "../../../functions/adapters/dynamodb-usage-ledger.ts";
import { LedgerUnavailableError } from "../../../shared/ports/usage-ledger.ts";
import { dynamoDbDouble } from "../../support/dynamodb-double.ts";
import { aUsageEvent } from "../../support/usage-event-builder.ts";

const dynamoDb = mockClient(DynamoDBClient);
afterAll(() => dynamoDb.restore());
const hash = (identity: string) => identity.replace(/\W/g, "").slice(-16).padStart(16, "x");
const ledger = dynamoDbUsageLedger(new DynamoDBClient({}), "Ledger", hash);

beforeEach(() => {
  dynamoDb.reset();
});

function updates() {
  return dynamoDb.commandCalls(UpdateItemCommand).map((call) => call.args[0].input);
}

/** The attributes that an update sets, by name. */
function setBy(update: ReturnType<typeof updates>[number] | undefined) {
  const values = update?.ExpressionAttributeValues ?? {};
  return Object.fromEntries(
    Object.entries(update?.ExpressionAttributeNames ?? {}).flatMap(([placeholder, name]) => {
      const value = values[placeholder.replace("#", ":")];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function conditionFailure(Item: ConditionalCheckFailedException["Item"]) {
  return new ConditionalCheckFailedException({
    message: "The conditional request failed",
    $metadata: {},
    ...(Item === undefined ? {} : { Item }),
  });
}

describe("append", () => {
  test("adds the events of a session-minute with one update, each on condition that it is new", async () => {
    dynamoDb.on(UpdateItemCommand).resolves({});

    const outcomes = await ledger.append([aUsageEvent({ id: "r1" }), aUsageEvent({ id: "r2" })]);

    expect(outcomes).toEqual([{ kind: "committed" }, { kind: "committed" }]);
    expect(updates()).toHaveLength(1);
    expect(updates()[0]).toMatchObject({
      Key: {
        pk: { S: "U#user-017-pseudonym-aaa#202610" },
        sk: { S: "S#2026-10-05#9d0bbe99-d739-49a1-8651-3907cc2ba04b#0912" },
      },
      ConditionExpression:
        "attribute_not_exists(#0) AND attribute_not_exists(#1) AND (attribute_not_exists(#2) OR #2 = :2)",
    });
    expect(updates()[0]?.ExpressionAttributeNames).toMatchObject({ "#0": `e${hash("r1")}` });
  });

  test("writes to another segment for another minute", async () => {
    dynamoDb.on(UpdateItemCommand).resolves({});

    await ledger.append([
      aUsageEvent({ id: "r1", timeMs: Date.UTC(2026, 9, 5, 9, 12, 59) }),
      aUsageEvent({ id: "r2", timeMs: Date.UTC(2026, 9, 5, 9, 13, 0) }),
    ]);

    expect(new Set(updates().map((update) => update.Key?.["sk"]?.S?.slice(-4)))).toEqual(
      new Set(["0912", "0913"]),
    );
  });

  test("drops what is there already and adds the rest", async () => {
    dynamoDb.on(UpdateItemCommand).resolvesOnce({});
    await ledger.append([aUsageEvent({ id: "r1" })]);
    const stored = setBy(updates()[0]);
    dynamoDb.reset();
    dynamoDb.on(UpdateItemCommand).rejectsOnce(conditionFailure(stored)).resolves({});

    const outcomes = await ledger.append([aUsageEvent({ id: "r1" }), aUsageEvent({ id: "r2" })]);

    expect(outcomes).toEqual([{ kind: "duplicate" }, { kind: "committed" }]);
    expect(Object.keys(setBy(updates()[1]))).toContain(`e${hash("r2")}`);
    expect(Object.keys(setBy(updates()[1]))).not.toContain(`e${hash("r1")}`);
  });

  test("never overwrites: the same call with another content is a conflict", async () => {
    const name = `e${hash("r1")}`;
    dynamoDb.on(UpdateItemCommand).rejects(conditionFailure({ [name]: { S: "something else" } }));

    const [outcome] = await ledger.append([aUsageEvent({ id: "r1" })]);

    expect(outcome).toMatchObject({ kind: "quarantined", quarantined: { reason: "conflict" } });
  });

  test.each([
    ["the same tokens are a duplicate, no conflict", {}, "duplicate"],
    [
      "the lifetime of a write, which not every source knows, is no contradiction",
      { cacheWrite5m: 0, cacheWrite1h: 1000 },
      "duplicate",
    ],
    ["other tokens are a conflict that has to be seen", { output: 457 }, "quarantined"],
  ] as const)(
    "a call that a gateway sends after the client's telemetry: %s",
    async (_, tokens, kind) => {
      dynamoDb.on(UpdateItemCommand).resolvesOnce({});
      await ledger.append([aUsageEvent({ id: "r1", reportedCostNanoUsd: 16_959_000n })]);
      const stored = setBy(updates()[0]);
      dynamoDb.reset();
      dynamoDb.on(UpdateItemCommand).rejectsOnce(conditionFailure(stored)).resolves({});
      const fromGateway = aUsageEvent({
        id: "r1",
        tool: "litellm",
        timeMs: Date.UTC(2026, 9, 5, 9, 12, 34),
        reportedCostNanoUsd: 17_000_000n,
        tokens,
      });

      expect(await ledger.append([fromGateway])).toMatchObject([{ kind }]);
    },
  );

  test("keeps what another source adds to a call beside it, whichever came first", async () => {
    const transcript = aUsageEvent({ id: "r1", response: "m1" });
    const telemetry = aUsageEvent({ id: "r1", reportedCostNanoUsd: 16_959_000n });
    for (const [first, second] of [
      [transcript, telemetry],
      [telemetry, transcript],
    ] as const) {
      dynamoDb.reset();
      dynamoDb.on(UpdateItemCommand).resolvesOnce({});
      await ledger.append([first]);
      const stored = setBy(updates()[0]);
      dynamoDb.reset();
      dynamoDb.on(UpdateItemCommand).rejectsOnce(conditionFailure(stored)).resolvesOnce({});

      expect(await ledger.append([second])).toEqual([{ kind: "duplicate" }]);

      const added = setBy(updates()[1]);
      expect(Object.keys(added).filter((name) => name.startsWith("e"))).toEqual([
        `e${hash("r1")}+`,
      ]);
      dynamoDb.reset();
      dynamoDb.on(UpdateItemCommand).rejects(conditionFailure({ ...stored, ...added }));
      const again = await ledger.append([second, first]);
      expect(again, "again adds nothing").toEqual([{ kind: "duplicate" }, { kind: "duplicate" }]);
    }
  });

  test("keeps two that add to the same call beside each other, if one batch holds both", async () => {
    dynamoDb.on(UpdateItemCommand).resolvesOnce({});
    await ledger.append([aUsageEvent({ id: "r1" })]);
    const stored = setBy(updates()[0]);
    dynamoDb.reset();
    dynamoDb.on(UpdateItemCommand).rejectsOnce(conditionFailure(stored)).resolvesOnce({});

    const outcomes = await ledger.append([
      aUsageEvent({ id: "r1", response: "m1" }),
      aUsageEvent({ id: "r1", reportedCostNanoUsd: 16_959_000n }),
    ]);

    expect(outcomes).toEqual([{ kind: "duplicate" }, { kind: "duplicate" }]);
    expect(Object.keys(setBy(updates()[1])).filter((name) => name.startsWith("e"))).toEqual([
      `e${hash("r1")}+`,
      `e${hash("r1")}++`,
    ]);
  });

  test("reads what stands beside a call as the same call", () => {
    const events = eventsOfSegment({
      pk: { S: "U#user-a#202610" },
      sk: { S: "S#2026-10-05#s1#0912" },
      cctx: { S: "claude-code|anthropic|claude-sonnet-4-5" },
      er1: { S: "rctx|0|1" },
      "er1+": { S: "rctx|0|1||||||||m1" },
    });

    expect(events.map(({ id, response }) => [id, response])).toEqual([
      ["er1", undefined],
      ["er1", "m1"],
    ]);
  });

  test("a call that one batch holds from two tools counts once", async () => {
    dynamoDb.on(UpdateItemCommand).resolves({});

    const outcomes = await ledger.append([
      aUsageEvent({ id: "r1" }),
      aUsageEvent({ id: "r1", tool: "litellm", timeMs: Date.UTC(2026, 9, 5, 9, 12, 34) }),
    ]);

    expect(outcomes).toEqual([{ kind: "committed" }, { kind: "duplicate" }]);
  });

  test("takes the same call from another source, or with a key of its own, as a duplicate", async () => {
    dynamoDb.on(UpdateItemCommand).resolvesOnce({});
    await ledger.append([aUsageEvent({ reportedCostNanoUsd: 16_959_000n })]);
    const stored = setBy(updates()[0]);
    dynamoDb.reset();
    dynamoDb.on(UpdateItemCommand).rejects(conditionFailure(stored));

    const outcomes = await ledger.append([aUsageEvent({ tool: "litellm", attribution: "bound" })]);

    expect(outcomes).toEqual([{ kind: "duplicate" }]);
  });

  test("gives a context a longer name where another has its short one: no stored call changes its model", async () => {
    const client = dynamoDbDouble();
    const colliding = dynamoDbUsageLedger(client, "Ledger", (text) =>
      text.includes("|") ? `aaaaaa${hash(text).slice(-10)}` : hash(text),
    );
    const events = [
      aUsageEvent({ id: "r1", model: "claude-opus-4-5" }),
      aUsageEvent({ id: "r2", model: "claude-haiku-4-5" }),
      aUsageEvent({ id: "r3", model: "claude-sonnet-4-5" }),
    ];

    await colliding.append(events.slice(0, 2));
    const outcomes = await colliding.append(events);

    expect(outcomes.map(({ kind }) => kind)).toEqual(["duplicate", "duplicate", "committed"]);
    const stored = await colliding.readUserDay("user-017-pseudonym-aaa", "2026-10-05");
    expect(new Set(stored.map(({ model }) => model))).toEqual(
      new Set(events.map(({ model }) => model)),
    );
  });

  test("counts a call once that a batch holds twice", async () => {
    dynamoDb.on(UpdateItemCommand).resolves({});

    const outcomes = await ledger.append([
      aUsageEvent({ id: "r1" }),
      aUsageEvent({ id: "r1" }),
      aUsageEvent({ id: "r1", model: "claude-opus-4-5" }),
    ]);

    expect(outcomes.map((outcome) => outcome.kind)).toEqual([
      "committed",
      "duplicate",
      "quarantined",
    ]);
  });

  test("splits a segment's events over updates that DynamoDB takes", async () => {
    dynamoDb.on(UpdateItemCommand).resolves({});

    const events = Array.from({ length: 230 }, (_, n) => aUsageEvent({ id: `request-${n}` }));
    const ofAgents = Array.from({ length: 90 }, (_, n) =>
      aUsageEvent({ id: `other-${n}`, session: "s2", agent: `agent-${n}` }),
    );
    const outcomes = await ledger.append([...events, ...ofAgents]);

    expect(outcomes.every((outcome) => outcome.kind === "committed")).toBe(true);
    expect(updates()).toHaveLength(3 + 5);
    for (const update of updates()) {
      expect(update.UpdateExpression?.length).toBeLessThan(4096);
      expect(update.ConditionExpression?.length).toBeLessThan(4096);
      const operators = /attribute_not_exists|AND|OR|=/g;
      expect(update.ConditionExpression?.match(operators)?.length).toBeLessThanOrEqual(300);
    }
  });

  test("quarantines what no longer fits in the item", async () => {
    const tooLarge = Object.assign(
      new Error("Item size to update has exceeded the maximum allowed size"),
      {
        name: "ValidationException",
      },
    );
    dynamoDb.on(UpdateItemCommand).rejects(tooLarge);

    expect(await ledger.append([aUsageEvent()])).toMatchObject([
      { kind: "quarantined", quarantined: { reason: "segment-full" } },
    ]);
  });

  test("asks to send again when DynamoDB throttles: what was sent may not be durable", async () => {
    dynamoDb
      .on(UpdateItemCommand)
      .rejects(new ProvisionedThroughputExceededException({ message: "slow down", $metadata: {} }));

    await expect(ledger.append([aUsageEvent()])).rejects.toThrow(LedgerUnavailableError);
  });
});

describe("readUserDay", () => {
  test("gives back what was appended, over every page, and reads consistently", async () => {
    const event = aUsageEvent({ id: "r1", agent: "explore-2", reportedCostNanoUsd: 16_959_000n });
    dynamoDb.on(UpdateItemCommand).resolves({});
    await ledger.append([event]);
    const [update] = updates();
    dynamoDb
      .on(QueryCommand)
      .resolvesOnce({
        Items: [{ ...update?.Key, ...setBy(update) }],
        LastEvaluatedKey: { pk: { S: "p" } },
      })
      .resolves({ Items: [] });

    const events = await ledger.readUserDay(event.user, "2026-10-05");

    expect(events).toEqual([{ ...event, id: `e${hash("r1")}` }]);
    const queries = dynamoDb.commandCalls(QueryCommand).map((call) => call.args[0].input);
    expect(queries).toHaveLength(2);
    expect(queries[1]).toMatchObject({
      ConsistentRead: true,
      ExclusiveStartKey: { pk: { S: "p" } },
    });
  });
});
