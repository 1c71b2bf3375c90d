import { DynamoDBClient, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import {
  directorySubject,
  dynamoDbDirectoryStore,
} from "../../../functions/adapters/dynamodb-directory-store.ts";
import type { Assignment } from "../../../shared/directory/directory.ts";

const dynamoDb = mockClient(DynamoDBClient);
afterAll(() => dynamoDb.restore());
const store = dynamoDbDirectoryStore(new DynamoDBClient({}), "Directory");

const assignment: Assignment = Object.freeze({
  user: "pseudonym-of-user-017",
  team: "team-checkout",
  costCenter: "CC-100",
  owner: "owner-shop",
  useCase: "feature-work",
  effectiveFrom: "2026-10-01",
});
const assignmentItem = {
  sk: { S: "P#pseudonym-of-user-017#2026-10-01" },
  user: { S: "pseudonym-of-user-017" },
  team: { S: "team-checkout" },
  costCenter: { S: "CC-100" },
  owner: { S: "owner-shop" },
  useCase: { S: "feature-work" },
  effectiveFrom: { S: "2026-10-01" },
};

function partitionsAsked(): readonly (string | undefined)[] {
  return dynamoDb
    .commandCalls(QueryCommand)
    .map(({ args }) => args[0].input.ExpressionAttributeValues?.[":pk"]?.S);
}

beforeEach(() => {
  dynamoDb.reset();
});

describe("putAssignment", () => {
  test("keeps the name beside the assignment, in a partition that the pseudonym alone decides", async () => {
    dynamoDb.on(PutItemCommand).resolves({});

    await store.putAssignment(assignment, "user-017@example.com");
    await store.putAssignment({ ...assignment, effectiveFrom: "2026-11-01" }, "other@example.com");

    const items = dynamoDb.commandCalls(PutItemCommand).map(({ args }) => args[0].input.Item);
    expect(items[0]).toEqual({
      pk: { S: expect.stringMatching(/^DIRECTORY#[0-7]$/) },
      ...assignmentItem,
      subject: { S: "user-017@example.com" },
    });
    expect(items[1]?.["pk"]).toEqual(items[0]?.["pk"]);
    expect(items[1]?.["sk"]).toEqual({ S: "P#pseudonym-of-user-017#2026-11-01" });
  });

  test("people are spread over all eight partitions", async () => {
    dynamoDb.on(PutItemCommand).resolves({});

    for (let person = 0; person < 200; person += 1) {
      await store.putAssignment({ ...assignment, user: `pseudonym-${person}` }, "");
    }

    const partitions = dynamoDb
      .commandCalls(PutItemCommand)
      .map(({ args }) => args[0].input.Item?.["pk"]?.S);
    expect(new Set(partitions).size).toBe(8);
  });

  test("a throttled put is an error, so that the file is imported again", async () => {
    dynamoDb.on(PutItemCommand).rejects(new Error("slow down"));

    await expect(store.putAssignment(assignment, "")).rejects.toThrow("slow down");
  });
});

describe("putAlias", () => {
  test("keeps pseudonyms only", async () => {
    dynamoDb.on(PutItemCommand).resolves({});

    await store.putAlias("pseudonym-of-login", "pseudonym-of-user-017");

    expect(dynamoDb.commandCalls(PutItemCommand)[0]?.args[0].input.Item).toEqual({
      pk: { S: expect.stringMatching(/^DIRECTORY#[0-7]$/) },
      sk: { S: "A#pseudonym-of-login" },
      alias: { S: "pseudonym-of-login" },
      person: { S: "pseudonym-of-user-017" },
    });
  });
});

describe("read", () => {
  test("asks every partition, follows its pages, and never asks for names", async () => {
    dynamoDb
      .on(QueryCommand)
      .resolves({ Items: [] })
      .on(QueryCommand, { ExpressionAttributeValues: { ":pk": { S: "DIRECTORY#3" } } })
      .resolvesOnce({
        Items: [assignmentItem],
        LastEvaluatedKey: { pk: { S: "DIRECTORY#3" }, sk: assignmentItem.sk },
      })
      .resolves({
        Items: [{ sk: { S: "A#a" }, alias: { S: "a" }, person: { S: "pseudonym-of-user-017" } }],
      });

    expect(await store.read()).toEqual({
      assignments: [assignment],
      aliases: new Map([["a", "pseudonym-of-user-017"]]),
    });
    expect(new Set(partitionsAsked())).toEqual(
      new Set(Array.from({ length: 8 }, (_, shard) => `DIRECTORY#${shard}`)),
    );
    expect(partitionsAsked()).toHaveLength(9);
    for (const { args } of dynamoDb.commandCalls(QueryCommand)) {
      expect(args[0].input.ProjectionExpression).not.toContain("subject");
    }
  });

  test("a throttled partition is an error, never a directory with a hole", async () => {
    dynamoDb
      .on(QueryCommand)
      .resolves({ Items: [assignmentItem] })
      .on(QueryCommand, { ExpressionAttributeValues: { ":pk": { S: "DIRECTORY#5" } } })
      .rejects(new Error("slow down"));

    await expect(store.read()).rejects.toThrow("slow down");
  });

  test("an item that is damaged is an error, never a person without a team", async () => {
    const { team: _, ...damaged } = assignmentItem;
    dynamoDb.on(QueryCommand).resolves({ Items: [damaged] });

    await expect(store.read()).rejects.toThrow();
  });
});

describe("directorySubject", () => {
  const subjectOf = (user: string) => directorySubject(new DynamoDBClient({}), "Directory", user);

  test("is the name beside the latest assignment of that one person", async () => {
    dynamoDb.on(PutItemCommand).resolves({});
    dynamoDb.on(QueryCommand).resolves({
      Items: [{ subject: { S: "old@example.com" } }, { subject: { S: "user-017@example.com" } }],
    });
    await store.putAssignment(assignment, "user-017@example.com");

    const subject = await subjectOf(assignment.user);

    expect(subject).toBe("user-017@example.com");
    const kept = dynamoDb.commandCalls(PutItemCommand)[0]?.args[0].input.Item?.["pk"];
    expect(dynamoDb.commandCalls(QueryCommand)[0]?.args[0].input).toMatchObject({
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :sk)",
      ExpressionAttributeValues: { ":pk": kept, ":sk": { S: "P#pseudonym-of-user-017#" } },
    });
  });

  test("is not known of a person whom the directory does not list", async () => {
    dynamoDb.on(QueryCommand).resolves({ Items: [] });

    expect(await subjectOf("pseudonym-of-nobody")).toBeUndefined();
  });
});
