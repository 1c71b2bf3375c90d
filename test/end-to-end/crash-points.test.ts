import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { dynamoDbAlertOutbox } from "../../functions/adapters/dynamodb-alert-outbox.ts";
import { atEachCall, FAULT_EFFECTS } from "../support/fault-points.ts";
import { type RunningStack, runStack } from "../support/running-stack.ts";

/** 100 tokens in and 100 out of claude-sonnet-4-5, at 3 and 15 USD a million. */
const CALL_NANO_USD = 1_800_000n;
const OPERATIONS = "To: operations@example.com";
/** A million tokens out of claude-opus-4-5: a session of ten passes any limit. */
const RUNAWAY_CALL_NANO_USD = 25_000_000_000n;

let stack: RunningStack;

beforeAll(async () => {
  stack = await runStack();
});
afterEach(() => {
  stack.host.faults.length = 0;
});
afterAll(() => stack.host.close());

const Counts = z.object({
  received: z.int(),
  committed: z.int(),
  duplicate: z.int(),
  quarantined: z.int(),
  rejected: z.int(),
});

async function send(items: readonly object[]) {
  const answer = await stack.post("/v1/usage", JSON.stringify(items));
  const body: unknown = await answer.json();
  return { status: answer.status, counts: Counts.safeParse(body).data };
}

async function totals() {
  const { calls, costNanoUsd } = await stack.ledger();
  return { calls, costNanoUsd, rolledUp: await stack.rolledUpNanoUsd() };
}

/** E-mails to budget owners so far. */
function mails(): number {
  const folder = join(stack.host.outboxDir, "email");
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.filter((name) => !readFileSync(join(folder, name), "utf8").includes(OPERATIONS))
    .length;
}

/** A session of now that costs far more than any limit. */
async function runAway(session: string, user: string): Promise<void> {
  const now = Date.now();
  const calls = Array.from({ length: 10 }, (_, n) =>
    aCall({
      id: `${session} ${n}`,
      user,
      session,
      time: new Date(now - 60_000 + n * 1000).toISOString(),
      model: "claude-opus-4-5",
      tokens: { input: 0, output: 1_000_000 },
    }),
  );
  expect((await send(calls)).status).toBe(200);
  await stack.host.idle();
}

function aCall(changes: object) {
  return {
    time: "2026-10-05T09:12:33Z",
    session: "s1",
    tool: "claude-code",
    provider: "anthropic",
    model: "claude-sonnet-4-5",
    tokens: { input: 100, output: 100 },
    ...changes,
  };
}

describe("ingest-usage, when any one of its AWS calls is", () => {
  test.each(FAULT_EFFECTS)(
    "%s: has each call once after its sender came again",
    async (name, effect) => {
      const before = await totals();

      const points = await atEachCall(
        stack.host,
        "IngestionIngestUsage",
        effect,
        async (ordinal) => {
          const call = (n: number, changes: object = {}) =>
            aCall({
              id: `${name} ${ordinal} ${n}`,
              user: `user-${ordinal}@example.com`,
              ...changes,
            });
          const nextMinute = { time: "2026-10-05T09:13:00Z" };
          const [first, ...rest] = [call(1), call(2), call(3, nextMinute), call(4, nextMinute)];
          const ahead = call(5, { time: "2099-01-01T00:00:00Z" });
          const batch = [first, ...rest, ahead].filter((item) => item !== undefined);

          const answer = await send(batch);
          stack.host.faults.length = 0;
          const repeated = await send(batch);
          const recut = await send([...rest, ahead].reverse());

          expect([200, 503]).toContain(answer.status);
          expect(repeated).toMatchObject({ status: 200, counts: { received: 5, quarantined: 1 } });
          expect((repeated.counts?.committed ?? 0) + (repeated.counts?.duplicate ?? 0)).toBe(4);
          expect(recut.counts).toMatchObject({ committed: 0, duplicate: 3, quarantined: 1 });
        },
      );
      await stack.host.idle();

      expect(points).toBeGreaterThanOrEqual(3);
      const added = BigInt(points + 1) * 4n * CALL_NANO_USD;
      expect(await totals()).toEqual({
        calls: before.calls + (points + 1) * 4,
        costNanoUsd: before.costNanoUsd + added,
        rolledUp: before.rolledUp + added,
      });
    },
  );
});

describe("roll-up, when any one of its AWS calls is", () => {
  test.each(FAULT_EFFECTS)("%s: sums up each call once, and alerts once", async (name, effect) => {
    const before = await totals();
    const mailsBefore = mails();

    const points = await atEachCall(stack.host, "RollUpFunction", effect, async (ordinal) => {
      await runAway(`roll-up ${name} ${ordinal}`, `user-${ordinal}-of-roll-up@example.com`);
    });

    expect(points).toBeGreaterThanOrEqual(6);
    const added = BigInt(points + 1) * 10n * RUNAWAY_CALL_NANO_USD;
    expect(await totals()).toEqual({
      calls: before.calls + (points + 1) * 10,
      costNanoUsd: before.costNanoUsd + added,
      rolledUp: before.rolledUp + added,
    });
    expect(mails() - mailsBefore).toBe(points + 1);
  });
});

describe("send-alerts, when any one of its AWS calls is", () => {
  test.each(FAULT_EFFECTS)(
    "%s: sends no alert twice, and keeps what is not sent",
    async (name, effect) => {
      const outbox = dynamoDbAlertOutbox(stack.dynamoDb, stack.output("InsightsTableName"));
      const mailsBefore = mails();
      const pendingBefore = (await outbox.pending()).length;

      const points = await atEachCall(stack.host, "AlertingSendAlerts", effect, (ordinal) =>
        runAway(`alert ${name} ${ordinal}`, `user-${ordinal}-of-alerts@example.com`),
      );

      // ADR 7: what is in doubt is never sent again. It stays in the outbox, and operators are told.
      const alerts = points + 1;
      const sent = mails() - mailsBefore;
      const kept = (await outbox.pending()).length - pendingBefore;
      expect(points).toBeGreaterThanOrEqual(3);
      expect(sent).toBeLessThanOrEqual(alerts);
      expect(sent + kept).toBeGreaterThanOrEqual(alerts);
      expect(kept).toBeLessThan(alerts);
    },
  );
});
