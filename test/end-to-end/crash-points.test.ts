import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import type { Fault, FaultEffect } from "../../infra/local/gateway.ts";
import { type RunningStack, runStack } from "../support/running-stack.ts";

/** 100 tokens in and 100 out of claude-sonnet-4-5, at 3 and 15 USD a million. */
const CALL_NANO_USD = 1_800_000n;
/** A million tokens out of claude-opus-4-5: a session of ten passes any limit. */
const RUNAWAY_CALL_NANO_USD = 25_000_000_000n;

const REFUSED = { status: 400, code: "ValidationException" };
/** A refusal reaches the handler; of a lost answer the SDK knows nothing, and sends the call again. */
const EFFECTS: readonly (readonly [string, FaultEffect])[] = [
  ["refused before it commits", { when: "before", error: REFUSED }],
  ["refused after it committed", { when: "after", error: REFUSED }],
  ["cut off after it committed", { when: "after" }],
];
/** More AWS calls than any of these runs makes: a run that never ends would go on for ever. */
const MOST_CALLS = 40;

let stack: RunningStack;

beforeAll(async () => {
  stack = await runStack();
});
afterEach(() => {
  stack.host.faults.length = 0;
});
afterAll(() => stack.host.close());

/** Lets the nth AWS call of a function fail, once. */
function faultAt(functionPrefix: string, ordinal: number, effect: FaultEffect) {
  let calls = 0;
  const fault: Fault = ({ caller }) => {
    calls += caller.startsWith(functionPrefix) ? 1 : 0;
    return caller.startsWith(functionPrefix) && calls === ordinal ? effect : undefined;
  };
  return { fault, hasFired: () => calls >= ordinal };
}

/** Runs once for each AWS call, which fails, until there are no more calls. Answers how many there were. */
async function atEachCall(
  functionPrefix: string,
  effect: FaultEffect,
  run: (ordinal: number) => Promise<void>,
): Promise<number> {
  for (let ordinal = 1; ordinal <= MOST_CALLS; ordinal += 1) {
    const { fault, hasFired } = faultAt(functionPrefix, ordinal, effect);
    stack.host.faults.push(fault);
    await run(ordinal);
    stack.host.faults.length = 0;
    if (!hasFired()) {
      return ordinal - 1;
    }
  }
  throw new Error(`${functionPrefix} makes more than ${MOST_CALLS} AWS calls`);
}

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
  return existsSync(folder) ? readdirSync(folder).length : 0;
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
  test.each(EFFECTS)("%s: has each call once after its sender came again", async (name, effect) => {
    const before = await totals();

    const points = await atEachCall("IngestionIngestUsage", effect, async (ordinal) => {
      const call = (n: number, changes: object = {}) =>
        aCall({ id: `${name} ${ordinal} ${n}`, user: `user-${ordinal}@example.com`, ...changes });
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
    });
    await stack.host.idle();

    expect(points).toBeGreaterThanOrEqual(3);
    const added = BigInt(points + 1) * 4n * CALL_NANO_USD;
    expect(await totals()).toEqual({
      calls: before.calls + (points + 1) * 4,
      costNanoUsd: before.costNanoUsd + added,
      rolledUp: before.rolledUp + added,
    });
  });
});

describe("roll-up, when any one of its AWS calls is", () => {
  test.each(EFFECTS)("%s: sums up each call once, and alerts once", async (name, effect) => {
    const before = await totals();
    const mailsBefore = mails();

    const points = await atEachCall("RollUpFunction", effect, async (ordinal) => {
      const now = Date.now();
      const call = (n: number) =>
        aCall({
          id: `${name} ${ordinal} ${n}`,
          user: `user-${ordinal}-of-roll-up@example.com`,
          session: `${name} ${ordinal}`,
          time: new Date(now - 60_000 + n * 1000).toISOString(),
          model: "claude-opus-4-5",
          tokens: { input: 0, output: 1_000_000 },
        });

      expect((await send(Array.from({ length: 10 }, (_, n) => call(n)))).status).toBe(200);
      await stack.host.idle();
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
