import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { FaultEffect } from "../../infra/local/gateway.ts";
import { addDays, dayOf } from "../../shared/ledger/calendar.ts";
import { runCollectingStack } from "../support/collector-api.ts";
import { type Asked, type LoopbackApi, loopbackApi, recorded } from "../support/loopback-api.ts";
import type { RunningStack } from "../support/running-stack.ts";

const DAY = addDays(dayOf(Date.now()), -1);
const COLLECT = "CollectionCollectUsage";
/** 54 cents: the one row of the machine in the recorded report. */
const ROW_NANO_USD = 540_000_000n;
/** More AWS calls than a run makes: a run that never ends would go on for ever. */
const MOST_CALLS = 60;

const REFUSED = { status: 400, code: "ValidationException" };
const EFFECTS: readonly (readonly [string, FaultEffect])[] = [
  ["refused before it commits", { when: "before", error: REFUSED }],
  ["refused after it committed", { when: "after", error: REFUSED }],
  ["cut off after it committed", { when: "after" }],
];

let api: LoopbackApi;
let stack: RunningStack;

beforeAll(async () => {
  api = await loopbackApi();
  stack = await runCollectingStack(api, "key");
  // The first run reads 30 days, each a page; those below then read four.
  api.answerWith(() => ({ body: { data: [], has_more: false, next_page: null } }));
  await stack.host.fire("CollectionRunclaudecode");
});
afterEach(() => {
  stack.host.faults.length = 0;
});
afterAll(async () => {
  await stack.host.close();
  await api.close();
});

/** Yesterday's report in two pages: a row of each of two machines. */
function reportOf(name: string) {
  const [, row] = recorded("anthropic-admin/usage_report.claude_code.json").data;
  const pageOf = (n: number) => ({
    ...row,
    date: `${DAY}T00:00:00Z`,
    actor: { type: "api_actor", api_key_name: `${name} ${n}` },
  });
  return ({ query }: Asked) => {
    const isDay = query.get("starting_at") === DAY;
    const isFirst = isDay && query.get("page") === null;
    return {
      body: {
        data: isDay ? [pageOf(isFirst ? 1 : 2)] : [],
        has_more: isFirst,
        next_page: isFirst ? "p2" : null,
      },
    };
  };
}

/** Runs the collector with its nth AWS call failing. Answers whether it made as many. */
async function runWithFault(ordinal: number, effect: FaultEffect): Promise<boolean> {
  let calls = 0;
  stack.host.faults.push(({ caller }) => {
    calls += caller.startsWith(COLLECT) ? 1 : 0;
    return caller.startsWith(COLLECT) && calls === ordinal ? effect : undefined;
  });
  await stack.host.fire("CollectionRunclaudecode").catch(() => undefined);
  stack.host.faults.length = 0;
  return calls >= ordinal;
}

describe("collect-usage, when any one of its AWS calls is", () => {
  test.each(EFFECTS)("%s: has each row once after the next run", async (name, effect) => {
    const before = await stack.ledger();

    let points = 0;
    for (let isHit = true; isHit; points += 1) {
      expect(points).toBeLessThan(MOST_CALLS);
      api.answerWith(reportOf(`${name} ${points}`));
      isHit = await runWithFault(points + 1, effect);
      expect(await stack.host.fire("CollectionRunclaudecode")).toMatchObject({
        outcome: "finished",
        counts: { quarantined: 0, rejected: 0 },
      });
    }
    await stack.host.idle();

    // Reads the secret and its place; for each of two pages looks, appends and keeps its place; more.
    expect(points).toBeGreaterThanOrEqual(8);
    const after = await stack.ledger();
    expect(after.entries - before.entries).toBe(2 * points);
    expect(after.costNanoUsd - before.costNanoUsd).toBe(BigInt(2 * points) * ROW_NANO_USD);
  });
});
