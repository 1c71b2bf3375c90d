import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningStack, runStack } from "../support/running-stack.ts";

let stack: RunningStack;
let s3: S3Client;

beforeAll(async () => {
  stack = await runStack();
  s3 = new S3Client({ ...stack.host.operator, forcePathStyle: true });
});
afterAll(() => stack.host.close());

/** 100 tokens in and 100 out of claude-sonnet-4-5 at 3 and 15 USD a million: $0.0018 a call. */
function calls(count: number) {
  return Array.from({ length: count }, (_, n) => ({
    id: `call-${n}`,
    time: "2026-10-05T09:12:33Z",
    user: "user-017@example.com",
    session: "s1",
    tool: "claude-code",
    provider: "anthropic",
    model: "claude-sonnet-4-5",
    tokens: { input: 100, output: 100 },
  }));
}

async function drop(key: string, body: string): Promise<void> {
  const Bucket = stack.output("DropBucketName");
  await s3.send(new PutObjectCommand({ Bucket, Key: key, Body: body }));
  await stack.host.idle();
}

async function report(name: string): Promise<string> {
  const Bucket = stack.output("ReportBucketName");
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: `reports/2026-10/${name}` }));
  return (await Body?.transformToString()) ?? "";
}

/** What operators were told of missing spend, so far. */
function notices(): readonly string[] {
  const folder = join(stack.host.outboxDir, "email");
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .filter((text) => text.includes("spend may be missing"));
}

test("an invoice above what telemetry saw is found, told of once, and corrected by a later file", async () => {
  expect((await stack.post("/v1/usage", JSON.stringify(calls(1_000)))).status).toBe(200);
  const header = "provider,month,amount,currency,invoice";
  await drop("invoices/october.csv", `${header}\nanthropic,2026-10,5.00,USD,INV-7\n`);

  await stack.host.fire("ReconciliationNightly", new Date("2026-11-08T04:30:00Z"));
  await stack.host.idle();

  const [row] = parse(await report("reconciliation.csv"), { columns: true });
  expect(row).toMatchObject({
    period: "2026-10",
    provider: "anthropic",
    against: "invoice",
    telemetry_usd: "1.800000000",
    reported_usd: "5.000000000",
    missing_in_telemetry_usd: "3.200000000",
  });
  expect(JSON.parse(await report("reconciliation.json"))).toMatchObject({
    byProvider: [{ matchedUsd: "1.800000000" }],
    coverage: [],
  });
  expect(notices()).toHaveLength(1);
  expect(notices()[0]).toContain("$3.20 of $5.00");

  await drop("invoices/corrected.csv", `${header}\nanthropic,2026-10,1.80,USD,INV-7\n`);
  await stack.host.fire("ReconciliationNightly", new Date("2026-11-08T04:30:00Z"));
  await stack.host.idle();

  expect(parse(await report("reconciliation.csv"), { columns: true })).toMatchObject([
    { reported_usd: "1.800000000", missing_in_telemetry_usd: "0.000000000" },
  ]);
  expect(notices()).toHaveLength(1);
  expect(await stack.rolledUpNanoUsd()).toBe(1_800_000_000n);
});
