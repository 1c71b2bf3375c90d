import { gzipSync } from "node:zlib";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixture, type RunningStack, runStack } from "../support/running-stack.ts";

let stack: RunningStack;
let s3: S3Client;

beforeAll(async () => {
  stack = await runStack();
  s3 = new S3Client({ ...stack.host.operator, forcePathStyle: true });
});
afterAll(() => stack.host.close());

async function drop(key: string, body: string | Uint8Array): Promise<void> {
  const Bucket = stack.output("DropBucketName");
  await s3.send(new PutObjectCommand({ Bucket, Key: key, Body: body }));
  await stack.host.idle();
}

test("a Bedrock invocation log is in the ledger and in the roll-ups once, however often it is dropped", async () => {
  const hour = "bedrock/AWSLogs/123456789012/BedrockModelInvocationLogs/us-east-1/2026/11/21/22";
  const log = gzipSync(fixture("bedrock/invocation-log.jsonl"));

  await drop(`${hour}/20261121T222500000Z_0123456789abcdef.json.gz`, log);
  await drop(`${hour}/20261121T222500000Z_0123456789abcdef.json.gz`, log);
  await drop(`${hour}/copy.json.gz`, log);
  await drop(`${hour}/data/9f0c2d5e-1111-4222-8333-944455566677_input.json.gz`, gzipSync("{}"));

  // Claude Sonnet 4.5 through a regional profile, which costs 10 % more than 0.016959 USD; Claude 3
  // Haiku: 35 tokens in at 0.25 and 446 out at 1.25 USD per million.
  const costNanoUsd = 18_654_900n + 566_250n;
  expect(await stack.ledger()).toMatchObject({ entries: 2, calls: 2, costNanoUsd });
  expect(await stack.rolledUpNanoUsd()).toBe(costNanoUsd);
});
