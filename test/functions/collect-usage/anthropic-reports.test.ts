import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NO_TOKENS } from "../../../shared/usage/usage-event.ts";
import { type Asked, type LoopbackApi, loopbackApi, recorded } from "../../support/loopback-api.ts";
import { aUsageEvent } from "../../support/usage-event-builder.ts";
import { pseudonymise, setup } from "./collect-usage-setup.ts";

const DAY = "2026-11-20";
const EMPTY = { data: [], has_more: false, next_page: null };

let api: LoopbackApi;
beforeEach(async () => {
  api = await loopbackApi();
});
afterEach(() => api.close());

const collector = (source: string, overrides: object = {}) => ({
  source,
  baseUrl: api.url,
  since: "2026-11-19",
  ...overrides,
});

/** The recorded page first; where it says that there is more, nothing more. */
function pagesOf(file: string) {
  const first = recorded(`anthropic-admin/${file}`);
  return ({ query }: Asked) => ({ body: query.has("page") ? EMPTY : first });
}

describe("anthropic-claude-code", () => {
  test("leaves out the keys of machines, if their telemetry brings the same under another name", async () => {
    api.answerWith(({ query }) => ({
      body:
        query.get("starting_at") === DAY
          ? recorded("anthropic-admin/usage_report.claude_code.json")
          : EMPTY,
    }));
    const { run, userDay, ledger } = setup(
      collector("anthropic-claude-code", { machineKeys: false }),
    );

    expect((await run()).counts).toMatchObject({ received: 2, committed: 2 });
    expect(ledger.events()).toHaveLength(2);
    expect(userDay("user-017@example.com", DAY).costNanoUsd).toBe(16_880_000_000n);
  });

  test("counts once with telemetry that names the same person: the calls count, the day is kept beside", async () => {
    api.answerWith(pagesOf("usage_report.claude_code.json"));
    const { run, userDay, ledger } = setup(
      collector("anthropic-claude-code", { since: "2026-11-21" }),
    );
    await run();
    await ledger.append([
      aUsageEvent({
        user: pseudonymise("user-017@example.com"),
        timeMs: Date.parse(`${DAY}T09:00:00Z`),
        tool: "claude-code",
        provider: "anthropic",
        model: "claude-sonnet-4-5",
        // 100 tokens in and 100 out, at 3 and 15 USD a million.
        tokens: { ...NO_TOKENS, uncachedInput: 100, output: 100 },
      }),
    ]);

    const day = userDay("user-017@example.com", DAY);

    expect(day).toMatchObject({ calls: 1, costNanoUsd: 1_800_000n });
    expect(day.otherGrain?.reduce((sum, line) => sum + line.costNanoUsd, 0n)).toBe(16_880_000_000n);
  });
});

describe("anthropic-messages", () => {
  test("states the tokens of a day and model, each bucket of the cache by itself, and books nothing", async () => {
    api.answerWith(pagesOf("usage_report.messages.json"));
    const { run, statements, ledger } = setup(collector("anthropic-messages"));

    expect(await run()).toMatchObject({ outcome: "finished", pages: 2, statements: 1 });

    expect(statements.all()).toMatchObject([
      {
        provider: "anthropic",
        kind: "usage",
        from: DAY,
        to: "2026-11-21",
        model: "claude-sonnet-4-5-20250929",
        tokens: {
          uncachedInput: 1500,
          cacheRead: 200,
          cacheWrite5m: 500,
          cacheWrite1h: 1000,
          output: 500,
          reasoning: 0,
        },
      },
    ]);
    expect(ledger.events()).toEqual([]);
    expect(api.asked[0]?.path).toBe("/v1/organizations/usage_report/messages");
    expect(api.asked[0]?.query.getAll("group_by[]")).toContain("model");
    expect(api.asked[1]?.query.get("page")).toBe("page_MjAyNi0xMS0yMVQwMDowMDowMFo=");
  });

  test("rejects a bucket that is not a UTC day, as it would be booked to a wrong one", async () => {
    const page = recorded("anthropic-admin/usage_report.messages.json");
    page.data[0].starting_at = "2026-11-20T01:00:00Z";
    api.answerWith(({ query }) => ({ body: query.has("page") ? EMPTY : page }));
    const { run, statements } = setup(collector("anthropic-messages"));

    const { counts, faults } = await run();

    expect(counts).toMatchObject({ received: 1, rejected: 1 });
    expect(faults[0]?.path).toBe("data[0].starting_at");
    expect(statements.all()).toEqual([]);
  });
});

describe("anthropic-costs", () => {
  test("states decimal cents to the nano-USD", async () => {
    api.answerWith(pagesOf("cost_report.json"));
    const { run, statements } = setup(collector("anthropic-costs"));

    await run();

    expect(
      statements.all().map(({ kind, from, costNanoUsd }) => [kind, from, costNanoUsd]),
    ).toEqual([
      ["cost", DAY, 1_237_891_200n],
      ["cost", DAY, 100_000_000n],
    ]);
  });

  test("replaces what a row said before, and keeps as many rows, however often it is read", async () => {
    const { run, statements, clock } = setup(collector("anthropic-costs"));
    for (const amount of ["123.78912", "123.78912", "120"]) {
      const page = recorded("anthropic-admin/cost_report.json");
      page.data[0].results[0].amount = amount;
      api.answerWith(() => ({ body: page }));
      await run();
      clock.nowMs += 3_600_000;
    }

    expect(statements.all().map(({ costNanoUsd }) => costNanoUsd)).toEqual([
      1_200_000_000n,
      100_000_000n,
    ]);
  });
});

describe("anthropic-analytics", () => {
  test("books each person's cost by product and model, and leaves keys to the cost report", async () => {
    api.answerWith(pagesOf("analytics.cost.json"));
    const { run, userDay, ledger } = setup(collector("anthropic-analytics"));

    const result = await run();

    expect(result.counts).toMatchObject({ received: 1, committed: 1 });
    expect(userDay("user-017@example.com", DAY)).toMatchObject({
      costNanoUsd: 16_875_000_000n,
      calls: 212,
      lines: [{ tool: "claude-code", provider: "anthropic", model: "claude-opus-4-5" }],
    });
    expect(ledger.events()).toHaveLength(1);
    expect(api.asked[0]?.query.getAll("group_by[]")).toEqual(["actor", "product", "model"]);
  });

  test("reads a day again until the figures are said to be complete", async () => {
    const page = recorded("anthropic-admin/analytics.cost.json");
    page.data_refreshed_at = "2026-11-19T22:40:00Z";
    api.answerWith(() => ({ body: page }));
    const { run, progress } = setup(collector("anthropic-analytics"));

    await run();

    expect(await progress.read("test")).toEqual({ readUntil: "2026-11-19" });
  });

  test("leaves out the products that another collector books", async () => {
    api.answerWith(pagesOf("analytics.cost.json"));
    const { run, ledger } = setup(collector("anthropic-analytics", { leaveOut: ["claude_code"] }));

    await run();

    expect(ledger.events()).toEqual([]);
  });
});
