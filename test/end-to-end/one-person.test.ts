import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { dynamoDbRollUps } from "../../functions/adapters/dynamodb-roll-ups.ts";
import { atEachCall, FAULT_EFFECTS } from "../support/fault-points.ts";
import { aLitellmPayload } from "../support/litellm-payloads.ts";
import { apiRequestAttributes, logRecordJson, logsBody } from "../support/otlp-bodies.ts";
import { type RunningStack, runStack } from "../support/running-stack.ts";

/** 123 uncached and 21,000 cached tokens in, 456 out of claude-sonnet-4-5. */
const CALL_NANO_USD = 16_959_000n;
const HEADER = "user,team,cost_center,owner,use_case,effective_from,aliases\n";

/** Telemetry names a person by e-mail address, the gateway by its own id: neither knows the other. */
const SOURCES = {
  telemetry: (person: string, id: string, atMs: number) => ({
    path: "/v1/logs",
    body: logsBody([
      logRecordJson(
        apiRequestAttributes({
          request_id: id,
          "user.email": `${person}@example.com`,
          "event.timestamp": new Date(atMs).toISOString(),
        }),
        { timeUnixNano: `${BigInt(atMs) * 1_000_000n}` },
      ),
    ]),
  }),
  gateway: (person: string, id: string, atMs: number) => ({
    path: "/v1/litellm",
    body: [
      aLitellmPayload({
        startTime: (atMs - 4000) / 1000,
        endTime: (atMs + 1700) / 1000,
        hidden_params: { additional_headers: { "llm_provider-request-id": id } },
        metadata: { user_api_key_user_email: null, user_api_key_user_id: person },
      }),
    ],
  }),
};
const ORDERS = [
  ["telemetry", "gateway"],
  ["gateway", "telemetry"],
] as const;

/** More than roll-up makes AWS calls for one person. */
const PEOPLE_OF_AN_EFFECT = 40;

/** A person for each call that fails. */
function peopleOf(effect: number): readonly string[] {
  return Array.from(
    { length: PEOPLE_OF_AN_EFFECT },
    (_, n) => `user-${100 + effect * PEOPLE_OF_AN_EFFECT + n}`,
  );
}

let stack: RunningStack;

beforeAll(async () => {
  stack = await runStack();
  await importDirectory(
    ["user-017", ...FAULT_EFFECTS.flatMap((_, effect) => peopleOf(effect))]
      .map((name) => `${name}@example.com,team-checkout,,,,2026-01-01,litellm:${name}\n`)
      .join(""),
  );
});
afterAll(() => stack.host.close());

async function importDirectory(lines: string) {
  await new S3Client({ ...stack.host.operator, forcePathStyle: true }).send(
    new PutObjectCommand({
      Bucket: stack.output("DropBucketName"),
      Key: "directory/directory.csv",
      Body: HEADER + lines,
    }),
  );
  await stack.host.idle();
}

/** Two calls a moment before midnight and two at noon, each by both sources, in both orders. */
async function sendCallsOf(person: string) {
  for (const [n, order] of [...ORDERS, ...ORDERS].entries()) {
    const atMs = n < 2 ? Date.UTC(2026, 9, 31, 23, 59, 59, n) : Date.UTC(2026, 10, 5, 12, n);
    for (const source of order) {
      const { path, body } = SOURCES[source](person, `req_${person}_${n}`, atMs);
      const answer = await stack.post(path, JSON.stringify(body));
      expect([source, answer.status]).toEqual([source, 200]);
      await stack.host.idle();
    }
  }
}

/** Calls by day of all that is stored, and what November's report says of them. */
async function books() {
  const days = (await stack.userDays()).filter(({ calls }) => calls > 0);
  const byDay = Map.groupBy(days, ({ day }) => day);
  const reported = z
    .object({ path: z.string(), totalNanoUsd: z.string() })
    .parse(await stack.host.fire("CostReportsMonthToDate", new Date("2026-11-30T05:00:00Z")));
  const csv = readFileSync(
    join(stack.host.stateDir, "s3", stack.output("ReportBucketName"), reported.path),
    "utf8",
  );
  return {
    days: Object.fromEntries(
      [...byDay].map(([day, group]) => [day, group.reduce((sum, { calls }) => sum + calls, 0)]),
    ),
    costNanoUsd: await stack.rolledUpNanoUsd(),
    reportedNanoUsd: BigInt(reported.totalNanoUsd),
    reportedPeople: new Set(
      csv
        .split("\r\n")
        .slice(1, -1)
        .map((row) => row.split(",")[4]),
    ).size,
  };
}

describe("a call that two sources state under two names of one person", () => {
  test("counts once where the directory knows both, whichever comes first, also across midnight", async () => {
    await sendCallsOf("user-017");

    expect(await books()).toEqual({
      days: { "2026-10-31": 2, "2026-11-05": 2 },
      costNanoUsd: 4n * CALL_NANO_USD,
      reportedNanoUsd: 2n * CALL_NANO_USD,
      reportedPeople: 1,
    });
  });

  test("counts once from the night on after which the directory knows both", async () => {
    await sendCallsOf("user-018");
    expect((await books()).days).toEqual({ "2026-10-31": 4, "2026-11-01": 2, "2026-11-05": 6 });

    await importDirectory("user-018@example.com,team-checkout,,,,2026-01-01,litellm:user-018\n");
    await stack.host.fire("RepricingNightly", new Date("2026-11-30T02:00:00Z"));

    expect(await books()).toEqual({
      days: { "2026-10-31": 4, "2026-11-05": 4 },
      costNanoUsd: 8n * CALL_NANO_USD,
      reportedNanoUsd: 4n * CALL_NANO_USD,
      reportedPeople: 2,
    });
  });

  test("counts on each of two people again, once the name is given to another", async () => {
    await importDirectory("user-019@example.com,team-checkout,,,,2026-01-01,litellm:user-018\n");
    await stack.host.fire("RepricingNightly", new Date("2026-11-30T02:00:00Z"));

    expect(await books()).toMatchObject({
      days: { "2026-10-31": 4, "2026-11-01": 2, "2026-11-05": 6 },
      costNanoUsd: 12n * CALL_NANO_USD,
      reportedPeople: 3,
    });
  });
});

/** Calls of all people whose roll-up was let fail. */
let told = 0;

describe("roll-up of a person's two names, when any one of its AWS calls is", () => {
  test.each(FAULT_EFFECTS.map(([name, effect], at) => ({ name, effect, at })))(
    "$name: has the call on the name that stated it first, once, in its session and its day",
    async ({ effect, at }) => {
      const people = peopleOf(at);
      const points = await atEachCall(stack.host, "RollUpFunction", effect, async (ordinal) => {
        const call = (user: string, session: string, time: string) => ({
          id: `req_${people[ordinal]}`,
          user,
          session,
          time,
          tool: "claude-code",
          provider: "anthropic",
          model: "claude-sonnet-4-5",
          tokens: { input: 100, output: 100 },
        });
        const late = call(`${people[ordinal]}@example.com`, "client", "2026-10-05T09:13:00Z");
        const early = call(`litellm:${people[ordinal]}`, "gateway", "2026-10-05T09:12:59Z");
        for (const item of [late, early]) {
          expect((await stack.post("/v1/usage", JSON.stringify([item]))).status).toBe(200);
          // So that the call has a session of the later name, which it moves out of.
          await stack.host.idle();
        }
      });

      const stored = await dynamoDbRollUps(
        stack.dynamoDb,
        stack.output("InsightsTableName"),
      ).readBetween("2026-10-05", "2026-10-06");
      told += points + 1;
      expect(points).toBeGreaterThanOrEqual(6);
      expect(stored.userDays.reduce((sum, { calls }) => sum + calls, 0)).toBe(told);
      expect(stored.sessionDays.map(({ session, calls }) => [session, calls])).toEqual(
        Array.from({ length: told }, () => ["gateway", 1]),
      );
    },
  );
});
