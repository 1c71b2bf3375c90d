import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { BEDROCK_LOGS } from "../../../shared/usage/bedrock-log.ts";
import { acceptedOf, readFile } from "../../support/dropped-files.ts";

const LOG = readFileSync(
  new URL("../../fixtures/bedrock/invocation-log.jsonl", import.meta.url),
  "utf8",
);
const read = (text: string) => readFile(BEDROCK_LOGS, text);
const sts = (rest: string) => `arn:aws:sts::123456789012:${rest}`;

function aRecord(fields: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ ...JSON.parse(LOG.split("\n")[0] ?? ""), ...fields });
}

function eventOf(fields: Readonly<Record<string, unknown>>) {
  return acceptedOf(read(aRecord(fields)))[0];
}

describe("BEDROCK_LOGS", () => {
  test("reads the sample: two calls, and one that failed before anything was used", () => {
    const [first, second, third] = read(LOG);

    expect(first).toEqual({
      kind: "accepted",
      event: {
        id: "aws:9f0c2d5e-1111-4222-8333-944455566677",
        grain: "request",
        timeMs: Date.UTC(2026, 10, 21, 22, 25),
        subject: "user-017@example.com",
        session: "-",
        tool: "bedrock",
        provider: "aws",
        model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        tokens: {
          uncachedInput: 123,
          cacheRead: 20_000,
          cacheWrite5m: 1_000,
          cacheWrite1h: 0,
          output: 456,
          reasoning: 0,
        },
      },
    });
    expect(second).toMatchObject({
      kind: "accepted",
      event: {
        id: "aws:9f0c2d5e-1111-4222-8333-944455566678",
        subject: "aws:123456789012:checkout-bot",
        session: "s-77",
        model: "anthropic.claude-3-haiku-20240307-v1:0",
        tokens: { uncachedInput: 35, output: 446 },
      },
    });
    expect(third).toEqual({ kind: "ignored", name: "failure-without-usage" });
  });

  test("a call that broke off after it used something costs what it used", () => {
    expect(eventOf({ errorCode: "ModelStreamErrorException" })?.tokens.output).toBe(456);
  });

  test.each([
    [
      "a person of IAM Identity Center",
      sts("assumed-role/AWSReservedSSO_Bedrock_0123/u17"),
      {},
      "aws-sso:u17",
    ],
    [
      "a session named by an address",
      sts("assumed-role/token-vendor/User-017@Example.com"),
      {},
      "user-017@example.com",
    ],
    [
      "a person whose program names someone else",
      sts("assumed-role/AWSReservedSSO_Bedrock_0123/user-017@example.com"),
      { user: "user-044@example.com" },
      "user-017@example.com",
    ],
    [
      "a gateway that names its user",
      sts("assumed-role/gateway/i-0abc"),
      { user: "User-044@example.com" },
      "user-044@example.com",
    ],
    [
      "a gateway that has ids of its own",
      sts("assumed-role/gateway/i-0abc"),
      { userId: "u-44" },
      "bedrock:u-44",
    ],
    [
      "a role, whatever machine assumes it",
      sts("assumed-role/checkout-bot/i-0def"),
      {},
      "aws:123456789012:checkout-bot",
    ],
    ["a user of IAM", "arn:aws:iam::123456789012:user/teams/ci", {}, "aws:123456789012:ci"],
    ["nobody", "arn:aws:iam::123456789012:root", {}, undefined],
  ])("books the call of %s", (_, arn, requestMetadata, subject) => {
    expect(eventOf({ identity: { arn }, requestMetadata })?.subject).toBe(subject);
  });

  test.each([
    ["anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic.claude-sonnet-4-5-20250929-v1:0"],
    ["arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0", "amazon.nova-pro-v1:0"],
    [
      "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.amazon.nova-pro-v1:0",
      "eu.amazon.nova-pro-v1:0",
    ],
    [
      "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3",
      "application-inference-profile/a1b2c3",
    ],
    ["arn:aws:bedrock", "arn:aws:bedrock"],
  ])("the model of %s is what its price is listed by", (modelId, model) => {
    expect(eventOf({ modelId })?.model).toBe(model);
  });

  test.each([
    ["timestamp", { timestamp: "yesterday" }],
    ["requestId", { requestId: "" }],
    ["modelId", { modelId: 7 }],
    ["input.inputTokenCount", { input: { inputTokenCount: -1 } }],
    ["output.outputTokenCount", { output: { outputTokenCount: 1.5 } }],
  ])("rejects a record with a fault in %s", (path, fields) => {
    expect(read(aRecord(fields))).toMatchObject([
      { kind: "rejected", path, message: expect.stringMatching(/^must /) },
    ]);
  });

  test("a line that was cut off is rejected, one of another schema is passed over", () => {
    expect(read('{"schemaType":"ModelInvoc')).toEqual([
      { kind: "rejected", path: "", message: "must be valid JSON" },
    ]);
    expect(read('{"schemaType":"ModelInvocationLogV9"}')).toEqual([
      { kind: "ignored", name: "other-schema" },
    ]);
  });

  test("holds back what is ahead of our clock", () => {
    expect(read(aRecord({ timestamp: "2026-11-23T00:00:00Z" }))).toMatchObject([
      { kind: "quarantined", reason: "clock-in-future" },
    ]);
  });

  test("keeps nothing of what was asked or answered", () => {
    const body = { messages: [{ content: [{ text: "canary-1b9c" }] }] };
    const events = acceptedOf(
      read(aRecord({ input: { inputBodyJson: body, inputTokenCount: 1 } })),
    );

    expect(events).toHaveLength(1);
    expect(JSON.stringify(events)).not.toContain("canary");
  });

  test.each([
    ["us-east-1/2026/11/21/22/20261121T222500000Z_0123.json.gz", { kind: "read" }],
    ["us-east-1/2026/11/21/22/data/9f0c_input.json.gz", { kind: "skipped", name: "bedrock-body" }],
    ["amazon-bedrock-logs-permission-check", { kind: "skipped", name: "bedrock-other" }],
  ])("tells by its name whether %s holds records", (key, selection) => {
    expect(BEDROCK_LOGS.select(key.split("/"))).toEqual(selection);
  });
});
