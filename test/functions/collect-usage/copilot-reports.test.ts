import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LoopbackApi, loopbackApi, recorded } from "../../support/loopback-api.ts";
import { SECRET, setup } from "./collect-usage-setup.ts";

const DAY = "2026-11-20";
const FILE = readFileSync(
  new URL("../../fixtures/github-copilot/users-1-day.part-0.ndjson", import.meta.url),
  "utf8",
);
const BILL = recorded("github-copilot/premium_request.usage.json");
const REPORT_PATH = "/orgs/acme/copilot/metrics/reports/users-1-day";
const BILL_PATH = "/organizations/acme/settings/billing/premium_request/usage";

let api: LoopbackApi;
beforeEach(async () => {
  api = await loopbackApi();
  api.answerWith(({ path }) => {
    if (path === REPORT_PATH) {
      return { body: { report_day: DAY, download_links: [`${api.url}/part-0.json?sig=canary`] } };
    }
    return { body: path === BILL_PATH ? BILL : FILE };
  });
});
afterEach(() => api.close());

function users(overrides: object = {}) {
  return setup({
    source: "copilot-users",
    organization: "acme",
    baseUrl: api.url,
    since: DAY,
    ...overrides,
  });
}

describe("copilot-users", () => {
  test("books the tokens of the command line, which is all that has any, and says that they are unpriced", async () => {
    const { run, userDay, ledger } = users();

    expect(await run()).toMatchObject({
      outcome: "finished",
      counts: { received: 1, committed: 1 },
    });

    expect(userDay("github:user-018", DAY)).toMatchObject({
      calls: 41,
      costNanoUsd: 0n,
      unpricedCalls: 41,
      lines: [{ tool: "copilot", tokens: { uncachedInput: 640_000, output: 21_000 } }],
    });
    expect(ledger.events()).toHaveLength(1);
  });

  test("sends the token to the API and not to the signed link, which is kept nowhere", async () => {
    const { run, progress, log } = users();

    await run();

    expect(api.asked.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      [REPORT_PATH, `Bearer ${SECRET}`],
      ["/part-0.json", undefined],
    ]);
    expect(progress.text() + JSON.stringify(log)).not.toContain("canary");
  });

  test("begins a day anew if it stopped at its link, which has expired by then", async () => {
    const recordedAnswer = ({ path }: { readonly path: string }) =>
      path === REPORT_PATH
        ? { body: { download_links: [`${api.url}/part-0.json?sig=canary`] } }
        : { body: FILE };
    api.answerWith((asked) =>
      asked.path === "/part-0.json"
        ? { status: 429, headers: { "retry-after": "3600" } }
        : recordedAnswer(asked),
    );
    const { run, userDay, progress } = users();

    expect(await run()).toMatchObject({ outcome: "interrupted" });
    expect(progress.text()).not.toContain("part-0");
    api.answerWith(recordedAnswer);
    expect(await run()).toMatchObject({ outcome: "finished" });
    expect(userDay("github:user-018", DAY).calls).toBe(41);
  });

  test("asks for the bill of each person who did something, and books what it lists for", async () => {
    const { run, userDay } = users({ billing: true });

    await run();

    // User 019 let code be generated, so has a bill too; the recorded one is answered for both.
    const bills = api.asked.filter(({ path }) => path === BILL_PATH);
    expect(bills.map(({ query }) => Object.fromEntries(query))).toEqual([
      { year: "2026", month: "11", day: "20", user: "user-018" },
      { year: "2026", month: "11", day: "20", user: "user-019" },
    ]);
    expect(userDay("github:user-018", DAY)).toMatchObject({
      calls: 100,
      costNanoUsd: 4_000_000_000n,
      unpricedCalls: 0,
    });
  });

  test.each([
    ["lists for less than nothing", { grossAmount: -4 }],
    ["has more requests than can be counted", { grossQuantity: 1e300 }],
  ])(
    "rejects a line of a person's bill that %s: its day could not be summed up",
    async (_, changes) => {
      const item = { ...BILL.usageItems[0], ...changes };
      api.answerWith(({ path }) => {
        if (path === REPORT_PATH) {
          return { body: { download_links: [`${api.url}/part-0.json`] } };
        }
        return { body: path === BILL_PATH ? { usageItems: [item] } : FILE };
      });
      const { run, ledger } = users({ billing: true });

      const { counts } = await run();

      expect(counts.rejected).toBe(2);
      expect(ledger.events().filter(({ model }) => model !== "-")).toEqual([]);
    },
  );

  test("waits for the report of yesterday, but fails for a day that has to have one", async () => {
    api.answerWith(() => ({ status: 404 }));

    expect(await users().run()).toMatchObject({ outcome: "finished", counts: { received: 0 } });
    await expect(users({ since: "2026-11-18" }).run()).rejects.toThrow("report with 404");
  });

  test("rejects a line that cannot be read, and takes the others", async () => {
    api.answerWith(({ path }) =>
      path === REPORT_PATH
        ? { body: { download_links: [`${api.url}/part-0.json`] } }
        : { body: `{"canary":\n${FILE}` },
    );
    const { run, log } = users();

    const { counts, faults } = await run();

    expect(counts).toMatchObject({ received: 2, committed: 1, rejected: 1 });
    expect(faults[0]?.path).toBe("line 1");
    expect(JSON.stringify(log)).not.toContain("canary");
  });

  test("follows no link that is not encrypted", async () => {
    api.answerWith(() => ({ body: { download_links: ["http://reports.example/part-0"] } }));

    await expect(users().run()).rejects.toThrow("must begin with https://");
  });

  test("waits until GitHub's limit is reset, which it says with 403", async () => {
    let limited = true;
    const { run, clock } = users();
    api.answerWith(({ path }) => {
      if (limited) {
        limited = false;
        const reset = String(clock.nowMs / 1000 + 30);
        const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset };
        return { status: 403, headers };
      }
      return path === REPORT_PATH ? { body: { download_links: [] } } : { status: 500 };
    });

    expect(await run()).toMatchObject({ outcome: "finished" });
    expect(clock.waits).toEqual([30_000]);
  });
});

describe("copilot-billing", () => {
  test("states what the organisation is charged after what its seats include", async () => {
    const { run, statements, ledger } = setup({
      source: "copilot-billing",
      organization: "acme",
      baseUrl: api.url,
      since: "2026-11-21",
    });

    await run();

    expect(statements.all()).toMatchObject([
      { provider: "github", kind: "cost", from: "2026-11-21", costNanoUsd: 1_600_000_000n },
    ]);
    expect(ledger.events()).toEqual([]);
  });
});
