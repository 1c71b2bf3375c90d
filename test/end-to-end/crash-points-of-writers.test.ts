import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DeleteItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { dynamoDbDirectoryStore } from "../../functions/adapters/dynamodb-directory-store.ts";
import { atEachCall, FAULT_EFFECTS, type IsPoint } from "../support/fault-points.ts";
import { type RunningStack, runStack } from "../support/running-stack.ts";

let stack: RunningStack;
let s3: S3Client;

beforeAll(async () => {
  stack = await runStack({
    // Files are imported when a test says so, not by a queue that waits minutes before it tries again.
    template: ({ Resources }) => {
      for (const [id, { Type }] of Object.entries(Resources)) {
        if (Type === "AWS::Lambda::EventSourceMapping" && id.startsWith("DropImport")) {
          delete Resources[id];
        }
      }
    },
  });
  s3 = new S3Client({ ...stack.host.operator, forcePathStyle: true });
});
afterEach(() => {
  stack.host.faults.length = 0;
});
afterAll(() => stack.host.close());

/** Every item of a table, but for those whose key starts so, in order. */
async function itemsOf(tableOutput: string, butFor: string): Promise<readonly string[]> {
  const { Items = [] } = await stack.dynamoDb.send(
    new ScanCommand({ TableName: stack.output(tableOutput) }),
  );
  return Items.filter(({ pk }) => !pk?.S?.startsWith(butFor))
    .map((item) => JSON.stringify(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))))
    .sort();
}

describe("ingest-outcomes, when any one of its AWS calls is", () => {
  const Counts = z.object({ committed: z.int(), duplicate: z.int() });

  test.each(FAULT_EFFECTS)(
    "%s: has each outcome once after its sender came again",
    async (name, effect) => {
      const outcomes = () => itemsOf("LedgerTableName", "U#");
      const before = (await outcomes()).length;

      const points = await atEachCall(
        stack.host,
        "IngestionIngestOutcomes",
        effect,
        async (ordinal) => {
          const batch = [1, 2, 3].map((n) => ({
            id: `acme/web!${name} ${ordinal} ${n}`,
            time: `2026-10-0${n}T15:00:00Z`,
            kind: "change_merged",
            user: `user-${ordinal}@example.com`,
            repository: "acme/web",
            commits: ["0d1a26e6"],
            size: { additions: 120, deletions: 14, files: 5, ignoredLines: 0 },
            status: "succeeded",
          }));
          const answer = await stack.post("/v1/outcomes", JSON.stringify(batch));
          stack.host.faults.length = 0;
          const repeated = await stack.post("/v1/outcomes", JSON.stringify(batch.toReversed()));
          const again = Counts.parse(await repeated.json());

          expect([200, 503]).toContain(answer.status);
          expect(repeated.status).toBe(200);
          expect(again.committed + again.duplicate).toBe(3);
        },
      );

      expect(points).toBeGreaterThanOrEqual(3);
      expect((await outcomes()).length - before).toBe((points + 1) * 3);
    },
  );
});

describe("import-drops, when any one of its AWS calls is", () => {
  const Failures = z.object({ batchItemFailures: z.array(z.unknown()) });

  /** Puts a file into the bucket, and has the function told of it until it is done with it. */
  async function dropUntilImported(key: string, body: string | Uint8Array): Promise<void> {
    const bucket = stack.output("DropBucketName");
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
    const message = { Records: [{ s3: { bucket: { name: bucket }, object: { key } } }] };
    const event = { Records: [{ messageId: "m1", body: JSON.stringify(message) }] };
    for (const _ of [1, 2, 3]) {
      const result = Failures.parse(await stack.host.invoke("DropImportImportDrops", event));
      if (result.batchItemFailures.length === 0) {
        return;
      }
      stack.host.faults.length = 0;
    }
    throw new Error(`${key} was not imported`);
  }

  test.each(FAULT_EFFECTS)(
    "%s: has every row of a directory after the queue came again",
    async (_, effect) => {
      const store = dynamoDbDirectoryStore(stack.dynamoDb, stack.output("DirectoryTableName"));
      let people = 0;

      const points = await atEachCall(
        stack.host,
        "DropImportImportDrops",
        effect,
        async (ordinal) => {
          const before = (await store.read()).assignments.length;
          const rows = [1, 2].map(
            (n) =>
              `user-${effect.when}-${effect.error?.code}-${ordinal}-${n}@example.com,team-checkout,,,,2026-01-01,\n`,
          );
          const header = "user,team,cost_center,owner,use_case,effective_from,aliases\n";
          await dropUntilImported("directory/directory.csv", header + rows.join(""));

          people = (await store.read()).assignments.length;
          expect(people - before).toBe(2);
        },
      );

      expect(points).toBeGreaterThanOrEqual(3);
    },
  );

  test.each(FAULT_EFFECTS)(
    "%s: has every call of a log once after the queue came again",
    async (name, effect) => {
      const before = await stack.ledger();

      const points = await atEachCall(
        stack.host,
        "DropImportImportDrops",
        effect,
        async (ordinal) => {
          const calls = Array.from({ length: 3 }, (_, n) =>
            bedrockCall(`${name}-${ordinal}-${n}`, n),
          );
          await dropUntilImported(
            `bedrock/AWSLogs/123456789012/BedrockModelInvocationLogs/us-east-1/2026/11/21/22/${ordinal}.json.gz`,
            gzipSync(calls.map((call) => JSON.stringify(call)).join("\n")),
          );
        },
      );

      const after = await stack.ledger();
      expect(points).toBeGreaterThanOrEqual(3);
      expect(after.calls - before.calls).toBe((points + 1) * 3);
      // 35 tokens in at 0.25 and 446 out at 1.25 USD a million.
      expect(after.costNanoUsd - before.costNanoUsd).toBe(BigInt(points + 1) * 3n * 566_250n);
    },
  );

  function bedrockCall(requestId: string, minute: number) {
    return {
      schemaType: "ModelInvocationLog",
      schemaVersion: "1.0",
      timestamp: `2026-11-21T22:2${minute}:00Z`,
      accountId: "123456789012",
      identity: { arn: "arn:aws:sts::123456789012:assumed-role/Developers/user-017@example.com" },
      region: "us-east-1",
      requestId,
      operation: "InvokeModel",
      modelId: "anthropic.claude-3-haiku-20240307-v1:0",
      input: { inputContentType: "application/json", inputTokenCount: 35 },
      output: { outputContentType: "application/json", outputTokenCount: 446 },
    };
  }
});

describe("score-sessions, when any one of its AWS calls is", () => {
  const NIGHT = new Date("2026-11-22T03:00:00Z");

  /** What the night leaves: scores and limits. Roll-ups are there before it. */
  const left = async () =>
    (await itemsOf("InsightsTableName", "-")).filter((item) => !item.includes('"v"'));

  async function forget(): Promise<void> {
    const TableName = stack.output("InsightsTableName");
    const { Items = [] } = await stack.dynamoDb.send(new ScanCommand({ TableName }));
    for (const { pk, sk, v } of Items) {
      if (v === undefined && pk !== undefined && sk !== undefined) {
        await stack.dynamoDb.send(new DeleteItemCommand({ TableName, Key: { pk, sk } }));
      }
    }
  }

  beforeAll(async () => {
    const calls = Array.from({ length: 3 }, (_, n) => ({
      id: `req_night_${n}`,
      time: `2026-11-1${n}T09:00:00Z`,
      user: `user-${n}@example.com`,
      session: `night-${n}`,
      tool: "claude-code",
      provider: "anthropic",
      model: "claude-sonnet-4-5",
      tokens: { input: 1000, output: 1000 },
    }));
    expect((await stack.post("/v1/usage", JSON.stringify(calls))).status).toBe(200);
    await stack.host.idle();
  });

  /** A night reads dozens of partitions before it writes: the first of each table stand for all. */
  const isFirstReadOrWrite: IsPoint = ({ operation, body }) =>
    operation !== "Query" || /#0"/.test(body.toString()) || !/"M#/.test(body.toString());

  test.each(FAULT_EFFECTS)(
    "%s: leaves what an undisturbed night leaves, once it ran again",
    async (_, effect) => {
      await forget();
      await stack.host.fire("ScoringNightly", NIGHT);
      const undisturbed = await left();

      const points = await atEachCall(
        stack.host,
        "ScoringScoreSessions",
        effect,
        async () => {
          await forget();
          await runAgainIfItFails("ScoringNightly", NIGHT);

          expect(await left()).toEqual(undisturbed);
        },
        isFirstReadOrWrite,
      );

      expect(undisturbed.length).toBeGreaterThan(3);
      expect(points).toBeGreaterThanOrEqual(5);
    },
  );
});

describe("report-costs, when any one of its AWS calls is", () => {
  const MORNING = new Date("2026-11-30T05:00:00Z");

  /** Everything in the report bucket, by path. */
  function reports(): Readonly<Record<string, string>> {
    const folder = join(stack.host.stateDir, "s3", stack.output("ReportBucketName"));
    const paths = existsSync(folder)
      ? readdirSync(folder, { recursive: true, withFileTypes: true })
      : [];
    return Object.fromEntries(
      paths
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => [path.slice(folder.length), readFileSync(path, "utf8")]),
    );
  }

  async function forget(): Promise<void> {
    for (const path of Object.keys(reports())) {
      const Key = path.slice(1);
      await s3.send(new DeleteObjectCommand({ Bucket: stack.output("ReportBucketName"), Key }));
    }
  }

  test.each(FAULT_EFFECTS)("%s: writes the same report, once it ran again", async (_, effect) => {
    await stack.host.fire("CostReportsMonthToDate", MORNING);
    const undisturbed = reports();

    const points = await atEachCall(stack.host, "CostReportsReportCosts", effect, async () => {
      await forget();
      await runAgainIfItFails("CostReportsMonthToDate", MORNING);

      expect(reports()).toEqual(undisturbed);
    });

    expect(Object.keys(undisturbed).length).toBeGreaterThanOrEqual(2);
    expect(points).toBeGreaterThanOrEqual(4);
  });
});

/** As Lambda does with an asynchronous invocation that throws. */
async function runAgainIfItFails(schedule: string, at: Date): Promise<void> {
  try {
    await stack.host.fire(schedule, at);
  } catch {
    stack.host.faults.length = 0;
    await stack.host.fire(schedule, at);
  }
}
