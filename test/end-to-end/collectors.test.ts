import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dynamoDbProviderStatements } from "../../functions/adapters/dynamodb-provider-statements.ts";
import { dynamoDbRollUps } from "../../functions/adapters/dynamodb-roll-ups.ts";
import { identityHash } from "../../functions/adapters/pseudonyms.ts";
import { addDays, dayOf } from "../../shared/ledger/calendar.ts";
import { runCollectingStack } from "../support/collector-api.ts";
import { type Asked, type LoopbackApi, loopbackApi, recorded } from "../support/loopback-api.ts";
import type { RunningStack } from "../support/running-stack.ts";

const KEY = "canary-sk-ant-admin-0123456789";
/** Yesterday: a run reads the days before the clock's own. */
const DAY = addDays(dayOf(Date.now()), -1);
/** 1687, 1 and 54 cents of the recorded report. */
const REPORT_NANO_USD = 17_420_000_000n;

let api: LoopbackApi;
let stack: RunningStack;

beforeAll(async () => {
  api = await loopbackApi();
  stack = await runCollectingStack(api, KEY);
});
afterAll(async () => {
  await stack.host.close();
  await api.close();
});

/** The recorded report as if it were of yesterday, with a cost for its first model. */
function reportWith(cents: number) {
  const report = recorded("anthropic-admin/usage_report.claude_code.json");
  for (const row of report.data) {
    row.date = `${DAY}T00:00:00Z`;
  }
  report.data[0].model_breakdown[0].estimated_cost.amount = cents;
  const empty = { data: [], has_more: false, next_page: null };
  return ({ query }: Asked) => ({ body: query.get("starting_at") === DAY ? report : empty });
}

async function rolledUpNanoUsd(): Promise<bigint> {
  const rollUps = dynamoDbRollUps(stack.dynamoDb, stack.output("InsightsTableName"));
  const { userDays } = await rollUps.readBetween(DAY, addDays(DAY, 1));
  return userDays.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n);
}

describe("a collector of the real template", () => {
  test("books what the API reports, under pseudonyms, once, however often it runs", async () => {
    api.answerWith(reportWith(1687));

    const first = await stack.host.fire("CollectionRunclaudecode");
    const second = await stack.host.fire("CollectionRunclaudecode");
    await stack.host.idle();

    expect(first).toMatchObject({ outcome: "finished", counts: { received: 3, committed: 3 } });
    expect(second).toMatchObject({ outcome: "finished", counts: { committed: 0, duplicate: 3 } });
    expect(api.asked[0]?.headers["x-api-key"]).toBe(KEY);
    expect(await stack.ledger()).toMatchObject({ entries: 3, costNanoUsd: REPORT_NANO_USD });
    expect(await rolledUpNanoUsd()).toBe(REPORT_NANO_USD);
    expect(stack.host.metrics.get("CollectorFinished{Collector=claude-code}")).toBe(2);
    expect(stack.host.denied).toEqual([]);
  });

  test("replaces a row that the provider has corrected, also in the roll-up", async () => {
    api.answerWith(reportWith(2000));

    const result = await stack.host.fire("CollectionRunclaudecode");
    await stack.host.idle();

    expect(result).toMatchObject({ counts: { committed: 1, duplicate: 2 } });
    const corrections = 3_130_000_000n;
    expect(await rolledUpNanoUsd()).toBe(REPORT_NANO_USD + corrections);
  });

  test("keeps what names nobody as a statement, of which the latest stands, and books nothing", async () => {
    const before = await stack.ledger();
    for (const amount of ["123.78912", "100.5"]) {
      const page = recorded("anthropic-admin/cost_report.json");
      page.data[0].starting_at = `${DAY}T00:00:00Z`;
      page.data[0].results[0].amount = amount;
      api.answerWith(() => ({ body: page }));
      expect(await stack.host.fire("CollectionRuncosts")).toMatchObject({ statements: 2 });
    }
    await stack.host.idle();

    const table = stack.output("LedgerTableName");
    const store = dynamoDbProviderStatements(stack.dynamoDb, table, identityHash);
    const statements = await store.readBetween(DAY, addDays(DAY, 1));
    expect(statements.map(({ costNanoUsd }) => String(costNanoUsd)).sort()).toEqual([
      "100000000",
      "1005000000",
    ]);
    expect(await stack.ledger()).toEqual(before);
  });

  test("leaves the key and people's names out of what is stored and logged", async () => {
    const seen =
      (await stack.everythingStored()) + stack.host.logs("CollectionCollectUsage").join();

    expect(seen).toContain("claude-opus-4-5");
    expect(seen).not.toContain(KEY);
    expect(seen).not.toContain("user-017@example.com");
    expect(seen).not.toContain("ci-bot");
  });
});
