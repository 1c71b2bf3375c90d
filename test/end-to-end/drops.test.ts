import { gzipSync } from "node:zlib";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dynamoDbRollUps } from "../../functions/adapters/dynamodb-roll-ups.ts";
import { aLitellmPayload } from "../support/litellm-payloads.ts";
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

test("a call that LiteLLM pushes, its spend log has and Bedrock's log has counts once, in any order", async () => {
  const before = await stack.ledger();
  const [row] = JSON.parse(fixture("litellm/spend-logs.rows.json").toString());
  const payload = fixture("litellm/generic-api.single.json");

  await drop("litellm/2026-11/first.json", JSON.stringify([row, row], null, 1));
  await stack.post("/v1/litellm", payload);
  await drop("litellm/2026-11/second.jsonl.gz", gzipSync(`${JSON.stringify(row)}\n`));
  await stack.post("/v1/litellm", payload);

  const after = await stack.ledger();
  expect(after.entries - before.entries).toBe(1);
  expect(after.costNanoUsd - before.costNanoUsd).toBe(16_959_000n);

  // The first call of Bedrock's log, as a gateway saw it that passes the provider's request id on.
  const throughGateway = aLitellmPayload({
    model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    custom_llm_provider: "bedrock",
    endTime: Date.parse("2026-11-21T22:25:00.900Z") / 1000,
    hidden_params: {
      additional_headers: {
        "llm_provider-x-amzn-requestid": "9f0c2d5e-1111-4222-8333-944455566677",
      },
    },
  });
  await stack.post("/v1/litellm", JSON.stringify(throughGateway));
  await stack.host.idle();

  expect((await stack.ledger()).costNanoUsd).toBe(after.costNanoUsd);
  expect(await stack.rolledUpNanoUsd()).toBe(after.costNanoUsd);
});

test("a call of Bedrock that is pushed first and dropped after counts once too", async () => {
  const before = await stack.ledger();
  const [record = ""] = fixture("bedrock/invocation-log.jsonl").toString().split("\n");
  const requestId = "9f0c2d5e-1111-4222-8333-944455566699";
  const pushed = aLitellmPayload({
    model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    custom_llm_provider: "bedrock",
    endTime: Date.parse("2026-11-21T22:25:00Z") / 1000,
    hidden_params: { additional_headers: { "llm_provider-x-amzn-requestid": requestId } },
  });

  await stack.post("/v1/litellm", JSON.stringify(pushed));
  await drop(
    "bedrock/late.json.gz",
    gzipSync(JSON.stringify({ ...JSON.parse(record), requestId })),
  );

  const after = await stack.ledger();
  expect(after.calls - before.calls).toBe(1);
  expect(after.costNanoUsd - before.costNanoUsd).toBe(18_654_900n);
  expect(await stack.rolledUpNanoUsd()).toBe(after.costNanoUsd);
});

test("Kiro's reports are days of people: the clients add up, and a report that is dropped again does not", async () => {
  const day = "kiro/AWSLogs/123456789012/KiroLogs/user_report/us-east-1/2026/11/20/00";
  const report = (client: string) => `${client}_123456789012_user_report_202611200000.csv`;

  for (const client of ["KIRO_IDE", "KIRO_CLI", "KIRO_IDE"]) {
    await drop(`${day}/${report(client)}`, fixture(`kiro/${report(client)}`));
  }

  const rollUps = dynamoDbRollUps(stack.dynamoDb, stack.output("InsightsTableName"));
  const { userDays } = await rollUps.readBetween("2026-11-20", "2026-11-21");
  const credits = userDays.flatMap(({ lines }) => lines.map((line) => line.credits));
  expect(credits.toSorted((a, b) => (a?.used ?? 0) - (b?.used ?? 0))).toEqual([
    // 41.37 in the IDE and 12.5 on the command line.
    { used: 53_870_000, overage: 0 },
    { used: 1_480_020_000, overage: 930_400_000 },
  ]);
});

test("names and content of dropped files are nowhere but in the files", async () => {
  const stored = await stack.everythingStored();
  const logs = stack.host.logs().join("");

  expect(`${stored}${logs}`).not.toMatch(/user-0(?:17|44)@example|PRO_PLUS|10\.0\.4\.17/);
  expect(logs).toContain("bedrock-body");
});
