import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fixture, type RunningStack, runStack } from "../support/running-stack.ts";
import { canaries } from "./canaries.ts";
import { CANARY_SENDERS, type CanaryRequest } from "./canary-senders.ts";

/** One word, in case somebody takes it for a name; not one that occurs by chance. */
const START = "zq7canary4f1e";

/** 2031-11-21 */
const FUTURE_NANOS = "1952985600000000000";

let stack: RunningStack;
/** Whatever the functions said to AWS: items, messages, objects, notifications. */
const awsCalls: string[] = [];
const answers: string[] = [];

beforeAll(async () => {
  stack = await runStack();
  stack.host.faults.push((call) => {
    awsCalls.push(`${call.operation} ${call.url} ${call.body.toString("utf8")}`);
    return undefined;
  });
});
afterAll(() => stack.host.close());

async function send({ path, body, headers }: CanaryRequest): Promise<number> {
  const answer = await stack.post(path, body, {
    ...headers,
    "user-agent": `${START}-agent`,
    "x-api-key": `${START}-header`,
    cookie: `session=${START}-cookie`,
    baggage: `user=${START}-baggage`,
  });
  answers.push([...answer.headers].flat().join(" "), await answer.text());
  return answer.status;
}

/** Every place that a canary was found in, with some of what is around it. */
function sightings(): readonly string[] {
  const places: (readonly [place: string, content: Buffer | string])[] = [
    ["an answer", answers.join("\n")],
    ["a call of AWS", awsCalls.join("\n")],
    ["a log line", stack.host.logs().join("\n")],
    ...filesIn(stack.host.stateDir),
  ];
  return places.flatMap(([place, content]) => {
    const at = content.indexOf(START);
    return at === -1
      ? []
      : [`${place}: ${content.toString().slice(Math.max(0, at - 80), at + 60)}`];
  });
}

/** Tables with their streams and deleted rows, objects, logs, mails and chat messages. */
function filesIn(folder: string): readonly (readonly [string, Buffer])[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path, readFileSync(path)]);
}

describe("what people typed, what was run, keys and addresses", () => {
  test.each(CANARY_SENDERS)(
    "of $name stay out of stores, logs, messages and answers",
    async ({ name, request }) => {
      const placed = canaries(`${START}x`);
      const whole = await request(placed, stack);
      const half = whole.body.subarray(0, whole.body.length / 2);

      const statuses = [
        await send(whole),
        await send(whole),
        await send({ ...whole, body: half }),
        await send({ ...whole, headers: { ...whole.headers, "content-type": `text/${START}` } }),
        await send({ ...whole, headers: { ...whole.headers, authorization: `Bearer ${START}` } }),
        await send({ ...whole, headers: { ...whole.headers, authorization: "" } }),
        await send({ ...whole, path: `${whole.path}?key=${START}` }),
        await send({ ...whole, path: `${whole.path}/${START}` }),
      ];
      await stack.host.idle();

      expect(whole.body.includes(START) || whole.headers["content-encoding"] === "gzip").toBe(true);
      expect(statuses[0]).toBe(name.includes("unknown fields") ? 400 : 200);
      expect(statuses.every((status) => status < 500)).toBe(true);
      expect(sightings()).toEqual([]);
    },
  );

  test("in a clock of the future are not in quarantine either", async () => {
    const placed = canaries(`${START}x`);
    const request = placed.inOtlp(
      JSON.parse(fixture("claude-code-otel/session.logs-1.json").toString()),
    );
    const body = JSON.stringify(request).replaceAll(/"1795\d{15}"/g, `"${FUTURE_NANOS}"`);

    await send({
      path: "/v1/logs",
      body: Buffer.from(body),
      headers: { "content-type": "application/json" },
    });
    await stack.host.idle();

    expect(stack.host.metrics.get("Quarantined")).toBeGreaterThan(0);
    expect(sightings()).toEqual([]);
  });

  test("of a dropped file are in the drop bucket alone, which is its owner's", async () => {
    const s3 = new S3Client({ ...stack.host.operator, forcePathStyle: true });
    const placed = canaries(`${START}x`);
    const lines = fixture("bedrock/invocation-log.jsonl").toString().trim().split("\n");
    const log = lines.map((line) => JSON.stringify(placed.inPayload(JSON.parse(line)))).join("\n");
    const Bucket = stack.output("DropBucketName");

    await s3.send(new PutObjectCommand({ Bucket, Key: "bedrock/AWSLogs/a.json", Body: log }));
    await s3.send(new PutObjectCommand({ Bucket, Key: "directory/bad.csv", Body: `${START}\n` }));
    await stack.host.idle();

    const elsewhere = sightings().filter((sighting) => !sighting.includes(Bucket));
    expect(stack.host.logs("DropImport").join("\n")).toContain('"drop":"imported"');
    expect(elsewhere).toEqual([]);
  });

  test("are not missed by this test: a text that is kept is found in a call and in the table", async () => {
    const kept = `${START}kept`;
    const item = {
      id: kept,
      time: "2026-10-05T09:12:33Z",
      tool: "t",
      provider: "p",
      model: kept,
      tokens: { input: 1, output: 1 },
    };

    await send({
      path: "/v1/usage",
      body: Buffer.from(JSON.stringify([item])),
      headers: { "content-type": "application/json" },
    });
    await stack.host.idle();

    const places = sightings().map((sighting) => sighting.split(":")[0] ?? "");
    expect(places).toContain("a call of AWS");
    expect(places).toContain("an answer");
    expect(places.some((place) => place.includes("dynamodb.sqlite"))).toBe(true);
  });
});

describe("secrets", () => {
  test("of senders and webhooks are in no log, answer or table", async () => {
    const secrets = await Promise.all(
      [
        "GithubWebhookSecretArn",
        "GitlabWebhookSecretArn",
        "JiraWebhookSecretArn",
        "PseudonymSecretArn",
      ].map(stack.secret),
    );
    const everything = [
      ...stack.host.logs(),
      ...answers,
      ...awsCalls.filter((call) => !call.startsWith("GetSecretValue")),
      await stack.everythingStored(),
    ].join("\n");

    for (const secret of [stack.senderKey, ...secrets]) {
      expect(everything.includes(secret.trim())).toBe(false);
    }
  });
});
