import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import {
  DeleteObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Host, startHost } from "../../../infra/local/host.ts";
import { fixtureAssembly } from "./fixture/assembly.ts";

let host: Host;
let s3: S3Client;
let bucket: string;

beforeAll(async () => {
  host = await startHost({
    assembly: await fixtureAssembly(),
    timers: false,
    env: { Job: { EXTRA: "from the options" } },
  });
  s3 = new S3Client({ ...host.operator, maxAttempts: 1 });
  bucket = host.stack.physicalName(host.stack.find("AWS::S3::Bucket", "Bucket").logicalId);
});
afterAll(() => host.close());
beforeEach(() => host.idle());

function files(...path: string[]): readonly string[] {
  const folder = join(host.outboxDir, ...path);
  return existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => readFileSync(join(folder, name), "utf8"))
    : [];
}

const publish = async (input: object) => {
  await host.invoke("Job", { job: "publish", input });
  await host.idle();
};

async function queueBodiesSeen(): Promise<readonly string[]> {
  const { Items = [] } = await new DynamoDBClient(host.operator).send(
    new ScanCommand({ TableName: host.outputs["SeenTableName"] }),
  );
  return Items.flatMap(({ body }) => body?.S ?? []);
}

describe("a topic", () => {
  const json = (variants: object) => ({
    Message: JSON.stringify(variants),
    MessageStructure: "json",
  });
  const owner = (id: string) => ({ owner: { DataType: "String", StringValue: id } });

  test("mails the owner whom the filter names, in the variant for e-mail", async () => {
    const variants = json({ default: "short", email: "A long text.\nIn lines." });
    await publish({
      ...variants,
      Subject: "Spend is up",
      MessageAttributes: owner("team-checkout"),
    });
    await publish({ ...variants, Subject: "Not for you", MessageAttributes: owner("team-search") });

    const mails = files("email").filter((mail) => mail.startsWith("To: owner@example.com"));
    expect(mails).toEqual([
      "To: owner@example.com\nSubject: Spend is up\n\nA long text.\nIn lines.\n",
    ]);
  });

  test("shows in the channel what the chat service can show, and keeps apart what it drops", async () => {
    const notification = {
      version: "1.0",
      source: "custom",
      content: { description: "Spend is up" },
    };
    await publish(json({ default: JSON.stringify(notification) }));
    await publish({ Message: "plain text" });

    expect(files("chat", "C0123456789").map((text) => JSON.parse(text))).toContainEqual(
      notification,
    );
    expect(files("chat", "C0123456789")).not.toContain("plain text");
    expect(files("chat", "dropped", "C0123456789")).toContain("plain text");
  });

  test("invokes a function by a numeric filter, three times if it fails", async () => {
    const level = (value: string) => ({ level: { DataType: "Number", StringValue: value } });
    await publish({ Message: "low", MessageAttributes: level("5") });
    await publish({ Message: "high", MessageAttributes: level("6") });
    await publish({ Message: "fail", MessageAttributes: level("7") });

    const heard = host
      .logs("ConsumeTopic")
      .flatMap((line) => JSON.parse(line).message?.heard ?? []);
    expect(heard).toEqual(["high", "fail", "fail", "fail"]);
  });

  test("sends the bare message to a queue with raw delivery", async () => {
    const attribute = { queue: { DataType: "String", StringValue: "yes" } };
    await publish({ Message: '{"raw":true}', MessageAttributes: attribute });

    expect(await queueBodiesSeen()).toContain('{"raw":true}');
  });

  test.each([
    ["a subject with a line break", { Message: "x", Subject: "two\nlines" }],
    ["a subject that is not ASCII", { Message: "x", Subject: "Ausgaben über Plan" }],
    ["no message", { Message: "" }],
    ["a message structure without default", json({ email: "only" })],
  ])("refuses %s", async (_what, input) => {
    await expect(publish(input)).rejects.toMatchObject({
      errorType: "InvalidParameterException",
    });
  });
});

describe("a bucket", () => {
  const put = (Key: string) =>
    s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "user,team\n" }));

  test("tells its queue about new objects with the prefix and the suffix", async () => {
    await put("drops/people of 2026.csv");
    await put("drops/people.txt");
    await put("other/people.csv");
    await host.idle();

    const records = (await queueBodiesSeen()).flatMap((body) => JSON.parse(body).Records ?? []);
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      eventSource: "aws:s3",
      eventName: "ObjectCreated:Put",
      s3: {
        bucket: { name: bucket },
        object: { key: "drops/people+of+2026.csv", size: 10 },
      },
    });
  });

  test("has its objects as files, until they are deleted", async () => {
    const file = join(host.stateDir, "s3", bucket, "kept", "a.txt");
    await host.invoke("Job", { job: "object", key: "kept/a.txt" });
    expect(readFileSync(file, "utf8")).toBe("kept");

    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: "kept/a.txt" }));

    expect(existsSync(file)).toBe(false);
  });

  test("refuses an operation that the backend would take for a write of the object", async () => {
    await put("other/tagged.csv");

    const tagging = s3.send(
      new PutObjectTaggingCommand({
        Bucket: bucket,
        Key: "other/tagged.csv",
        Tagging: { TagSet: [] },
      }),
    );

    await expect(tagging).rejects.toMatchObject({ $metadata: { httpStatusCode: 501 } });
  });
});

describe("a schedule", () => {
  test("runs its target as if it were the given time", async () => {
    const result = await host.fire("Nightly", new Date("2026-11-21T02:00:00.000Z"));

    expect(result).toEqual({
      job: "echo",
      key: "2026-11-21T02:00:00Z",
      remaining: "from the options",
    });
  });
});

describe("output of a function", () => {
  test("is kept in a file, and adds up as metrics if it is one", async () => {
    await host.invoke("Job", { job: "metric" });

    // The copy that went through console.log is wrapped, and counts no second time.
    expect(host.metrics.get("Received")).toBe(3);
    expect(host.metrics.get("Received{Source=kiro}")).toBe(3);
    const { logicalId } = host.stack.find("AWS::Lambda::Function", "Job");
    const file = readFileSync(join(host.stateDir, "logs", `${logicalId}.log`), "utf8");
    expect(file.trim().split("\n")).toEqual(host.logs("Job"));
  });
});
