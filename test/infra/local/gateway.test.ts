import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { FaultEffect } from "../../../infra/local/gateway.ts";
import { type Host, startHost } from "../../../infra/local/host.ts";
import { fixtureAssembly } from "./fixture/assembly.ts";

let host: Host;
let items: string;

beforeAll(async () => {
  host = await startHost({ assembly: await fixtureAssembly(), timers: false });
  items = String(host.outputs["ItemsTableName"]);
});
afterAll(() => host.close());
afterEach(async () => {
  host.faults.length = 0;
  await host.idle();
  host.capacity.reset();
});

const job = (name: string, key?: string, input?: object) =>
  host.invoke("Job", { job: name, key, input });

describe("the role of a function", () => {
  test("lets it do what the template grants", async () => {
    await job("put", "U#1");

    expect(await job("get", "U#1")).toEqual({ pk: { S: "U#1" } });
    expect(await job("secret")).toMatch(/^[A-Za-z0-9]{40}$/);
  });

  test("is asked about each item of a transaction under the item's own action", async () => {
    await job("transact", "U#2");

    const calls = [...host.calls.keys()].filter((key) => key.startsWith("Job"));
    expect(calls.map((key) => key.split(" ")[1])).toContain("dynamodb:PutItem");
    expect(calls.join()).not.toContain("TransactWriteItems");
  });

  test.each([
    ["delete", "dynamodb:DeleteItem", "AccessDeniedException"],
    ["scan", "dynamodb:Scan", "AccessDeniedException"],
    ["object", "s3:PutObject", "AccessDenied"],
  ])("does not let it %s what is not granted", async (name, action, errorType) => {
    await expect(job(name, "elsewhere/a")).rejects.toMatchObject({
      errorType,
      message: expect.stringContaining(`is not authorized to perform: ${action}`),
    });

    expect(host.denied.at(-1)).toMatchObject({
      function: expect.stringMatching(/^Job/),
      action,
    });
  });

  test("holds its condition on the leading key against the key of a query", async () => {
    expect(await job("query", "U#1")).toEqual(expect.any(Number));
    await expect(job("query", "KEYS")).rejects.toMatchObject({
      errorType: "AccessDeniedException",
    });
  });
});

describe("a fault", () => {
  const failOnce = (effect: FaultEffect) => {
    host.faults.push(({ operation }) => {
      if (operation !== "PutItem") {
        return undefined;
      }
      host.faults.length = 0;
      return effect;
    });
  };
  const throttling = { status: 400, code: "ThrottlingException" };

  test("before the call keeps it from the table", async () => {
    failOnce({ when: "before", error: throttling });

    await expect(job("put", "before")).rejects.toMatchObject({ errorType: "ThrottlingException" });

    expect(await job("get", "before")).toBeNull();
  });

  test("after the call loses the answer to a write that was made", async () => {
    failOnce({ when: "after", error: { status: 500, code: "InternalServerError" } });

    await expect(job("put", "after")).rejects.toMatchObject({ errorType: "InternalServerError" });

    expect(await job("get", "after")).toEqual({ pk: { S: "after" } });
  });

  test("without an error cuts the connection", async () => {
    failOnce({ when: "after" });

    await expect(job("put", "cut")).rejects.toThrow(/socket hang up|ECONNRESET/);

    expect(await job("get", "cut")).toEqual({ pk: { S: "cut" } });
  });

  test("never meets the operator", async () => {
    host.faults.push(() => ({ when: "before", error: throttling }));

    await new DynamoDBClient({ ...host.operator, maxAttempts: 1 }).send(
      new PutItemCommand({ TableName: items, Item: { pk: { S: "operator" } } }),
    );

    host.faults.length = 0;
    expect(await job("get", "operator")).toEqual({ pk: { S: "operator" } });
  });
});

describe("the capacity meter", () => {
  test("counts calls and units by function, operation and table", async () => {
    await job("put", "big", { text: { S: "x".repeat(2500) } });
    await job("put", "small");
    await job("get", "big");

    expect(host.capacity.entries({ function: "Job" })).toEqual([
      { function: expect.any(String), operation: "PutItem", table: items, calls: 2, units: 4 },
      { function: expect.any(String), operation: "GetItem", table: items, calls: 1, units: 0.5 },
    ]);
    expect(host.capacity.units({ operation: "PutItem" })).toBe(4);
    expect(host.capacity.calls({ table: items })).toBe(3);
  });

  test("does not count the operator", async () => {
    await new DynamoDBClient(host.operator).send(
      new PutItemCommand({ TableName: items, Item: { pk: { S: "free" } } }),
    );

    expect(host.capacity.calls()).toBe(0);
  });

  test("starts again after a reset", async () => {
    await job("put", "gone");

    host.capacity.reset();

    expect(host.capacity.entries()).toEqual([]);
  });
});
