import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LoopbackApi, loopbackApi, recorded } from "../../support/loopback-api.ts";
import { SECRET, setup } from "./collect-usage-setup.ts";

const DAY = "2026-11-20";
const EMPTY = { object: "page", data: [], has_more: false, next_page: null };
const USERS = recorded("openai-admin/users.json");
const USAGE = recorded("openai-admin/usage.completions.json");

let api: LoopbackApi;
beforeEach(async () => {
  api = await loopbackApi();
});
afterEach(() => api.close());

/** The recorded answers; where they say that there is more, nothing more. */
function answer({ users = USERS, usage = USAGE } = {}) {
  api.answerWith(({ path, query }) => {
    if (path === "/organization/users") {
      return { body: users };
    }
    return { body: query.has("page") ? EMPTY : usage };
  });
}

function usage(overrides: object = {}) {
  return setup({ source: "openai-usage", baseUrl: api.url, since: "2026-11-19", ...overrides });
}

describe("openai-usage", () => {
  test("books a person's day under the e-mail address, with the cached tokens taken out of the input", async () => {
    answer();
    const { run, userDay, statements } = usage();

    expect(await run()).toMatchObject({
      outcome: "finished",
      counts: { received: 1, committed: 1 },
      statements: 1,
    });

    // 10,240 at 1.25 USD a million, 40,960 at 0.125 and 9,000 at 10.
    expect(userDay("user-018@example.com", DAY)).toMatchObject({
      calls: 37,
      costNanoUsd: 107_920_000n,
      unpricedCalls: 0,
      lines: [
        {
          tool: "openai-api",
          model: "gpt-5.1-codex",
          tokens: { uncachedInput: 10_240, cacheRead: 40_960, cacheWrite5m: 0, output: 9_000 },
        },
      ],
    });
    expect(statements.all()).toMatchObject([
      { provider: "openai", kind: "usage", from: DAY, calls: 37, tokens: { output: 9_000 } },
    ]);
    expect(api.asked[0]?.headers.authorization).toBe(`Bearer ${SECRET}`);
    expect(api.asked[1]?.query.get("start_time")).toBe("1795046400");
  });

  test("states what no person is named for, and books it on nobody", async () => {
    const page = structuredClone(USAGE);
    page.data[0].results[0].user_id = null;
    answer({ usage: page });
    const { run, ledger, statements } = usage();

    await run();

    expect(ledger.events()).toEqual([]);
    expect(statements.all()).toMatchObject([{ kind: "usage", calls: 37 }]);
  });

  test("reads all pages of people, and names those that left by their id", async () => {
    const second = structuredClone(USERS);
    Object.assign(second.data[0], { id: "user-other", email: "user-019@example.com" });
    const page = structuredClone(USAGE);
    page.data[0].results[0].user_id = "user-other";
    page.data[0].results.push({ ...USAGE.data[0].results[0], user_id: "user-gone" });
    api.answerWith(({ path, query }) => {
      if (path === "/organization/users") {
        return {
          body: query.get("after") === "user-AbC123" ? second : { ...USERS, has_more: true },
        };
      }
      return { body: query.has("page") ? EMPTY : page };
    });
    const { run, userDay } = usage();

    await run();

    expect(userDay("user-019@example.com", DAY).calls).toBe(37);
    expect(userDay("openai:user-gone", DAY).calls).toBe(37);
  });

  test("tells batches and priced tiers apart, and leaves results of other kinds", async () => {
    const [row] = USAGE.data[0].results;
    const page = structuredClone(USAGE);
    page.data[0].results = [
      { ...row, batch: true },
      { ...row, service_tier: "flex" },
      { ...row, service_tier: "default" },
      { object: "organization.usage.images.result", images: 3 },
    ];
    answer({ usage: page });
    const { run, ledger } = usage();

    const { counts } = await run();

    expect(counts).toMatchObject({ received: 3, committed: 3 });
    expect(ledger.events().map(({ tier }) => tier)).toEqual(["batch", "flex", undefined]);
  });

  test("rejects a row whose cached tokens are more than its input", async () => {
    const page = structuredClone(USAGE);
    page.data[0].results[0].input_cached_tokens = 60_000;
    answer({ usage: page });
    const { run, statements } = usage();

    const { counts, faults } = await run();

    expect(counts).toMatchObject({ received: 1, rejected: 1 });
    expect(faults[0]?.path).toBe("data[0].results[0].input_tokens");
    expect(statements.all()).toEqual([]);
  });

  test("keeps no address and no id of a person, neither in the ledger nor in its statements", async () => {
    answer();
    const { run, ledger, statements, progress, log } = usage();

    await run();

    const kept = JSON.stringify(
      [ledger.events(), statements.all(), progress.text(), log],
      (_, value) => (typeof value === "bigint" ? String(value) : value),
    );
    expect(kept).not.toContain("example.com");
    expect(kept).not.toContain("user-AbC123");
  });
});

describe("openai-costs", () => {
  test.each([0.10896, "0.10896"])("states the dollars of a day, given as %j", async (value) => {
    const page = recorded("openai-admin/costs.json");
    page.data[0].results[0].amount.value = value;
    api.answerWith(() => ({ body: page }));
    const { run, statements } = setup({
      source: "openai-costs",
      baseUrl: api.url,
      since: "2026-11-19",
    });

    await run();

    expect(statements.all()).toMatchObject([
      { provider: "openai", kind: "cost", from: DAY, costNanoUsd: 108_960_000n },
    ]);
  });
});
