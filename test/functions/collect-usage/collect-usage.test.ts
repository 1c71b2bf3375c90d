import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LedgerUnavailableError } from "../../../shared/ports/usage-ledger.ts";
import { type Asked, type LoopbackApi, loopbackApi, recorded } from "../../support/loopback-api.ts";
import { pseudonymise, SECRET, setup } from "./collect-usage-setup.ts";

const PATH = "/v1/organizations/usage_report/claude_code";
const DAY = "2026-11-20";
const REPORT = recorded("anthropic-admin/usage_report.claude_code.json");
const EMPTY = { data: [], has_more: false, next_page: null };
/** 1687 and 1 cents of the two models of the person in the recorded report. */
const PERSON_NANO_USD = 16_880_000_000n;

let api: LoopbackApi;
beforeEach(async () => {
  api = await loopbackApi();
});
afterEach(() => api.close());

/** A report of the recorded day, and nothing of other days. */
function reportOfDay(report: unknown = REPORT) {
  return ({ query }: Asked) => ({ body: query.get("starting_at") === DAY ? report : EMPTY });
}

function claudeCode(overrides: object = {}) {
  return {
    source: "anthropic-claude-code",
    baseUrl: api.url,
    since: "2026-11-19",
    ...overrides,
  };
}

describe("collectUsage", () => {
  test("books a person's day with the cents that the report has for each model", async () => {
    api.answerWith(reportOfDay());
    const { run, userDay, ledger } = setup(claudeCode());

    const result = await run();

    expect(result).toMatchObject({
      outcome: "finished",
      counts: { received: 3, committed: 3, duplicate: 0, quarantined: 0, rejected: 0 },
    });
    expect(ledger.events()).toHaveLength(3);
    expect(userDay("user-017@example.com", DAY)).toMatchObject({
      costNanoUsd: PERSON_NANO_USD,
      unpricedCalls: 0,
      lines: [
        { tool: "claude-code", model: "claude-haiku-4-5-20251001", costNanoUsd: 10_000_000n },
        {
          tool: "claude-code",
          model: "claude-opus-4-5-20251101",
          tokens: {
            uncachedInput: 100_000,
            output: 350_000,
            cacheRead: 9_000_000,
            cacheWrite5m: 500_000,
          },
          costNanoUsd: 16_870_000_000n,
        },
      ],
    });
    expect(userDay("anthropic-key:ci-bot", DAY).costNanoUsd).toBe(540_000_000n);
  });

  test("asks for one day at a time, with the key in its header", async () => {
    api.answerWith(reportOfDay());

    await setup(claudeCode()).run();

    expect(api.asked.map(({ path, query }) => [path, query.get("starting_at")])).toEqual([
      [PATH, "2026-11-19"],
      [PATH, "2026-11-20"],
      [PATH, "2026-11-21"],
    ]);
    expect(api.asked[0]?.headers).toMatchObject({
      "x-api-key": SECRET,
      "anthropic-version": "2023-06-01",
    });
  });

  test("writes nothing new when the report says the same, as it is read every hour", async () => {
    api.answerWith(reportOfDay());
    const { run, ledger, clock } = setup(claudeCode());
    await run();
    clock.nowMs += 3_600_000;

    const again = await run();

    expect(again.counts).toEqual({
      received: 3,
      committed: 0,
      duplicate: 3,
      quarantined: 0,
      rejected: 0,
    });
    expect(ledger.events()).toHaveLength(3);
  });

  test("replaces a row that the provider corrects, and does not add to it", async () => {
    api.answerWith(reportOfDay());
    const { run, userDay, clock } = setup(claudeCode());
    await run();
    const corrected = structuredClone(REPORT);
    corrected.data[0].model_breakdown[0].estimated_cost.amount = 2000;
    corrected.data[0].model_breakdown[0].tokens.output = 400_000;
    api.answerWith(reportOfDay(corrected));
    clock.nowMs += 3_600_000;

    const { counts } = await run();

    expect(counts).toMatchObject({ committed: 1, duplicate: 2 });
    expect(userDay("user-017@example.com", DAY)).toMatchObject({ costNanoUsd: 20_010_000_000n });
  });

  test("takes a correction back when the provider does", async () => {
    const { run, userDay, clock } = setup(claudeCode());
    for (const cents of [1687, 2000, 1687]) {
      const report = structuredClone(REPORT);
      report.data[0].model_breakdown[0].estimated_cost.amount = cents;
      api.answerWith(reportOfDay(report));
      await run();
      clock.nowMs += 3_600_000;
    }

    expect(userDay("user-017@example.com", DAY).costNanoUsd).toBe(PERSON_NANO_USD);
  });

  test("reads the last three days again, but no day before the first", async () => {
    api.answerWith(reportOfDay());
    const { run, clock } = setup(claudeCode({ since: "2026-11-01" }));
    await run();
    const first = api.asked.length;
    clock.nowMs += 86_400_000;

    await run();

    expect(first).toBe(21);
    expect(api.asked.slice(first).map(({ query }) => query.get("starting_at"))).toEqual([
      "2026-11-18",
      "2026-11-19",
      "2026-11-20",
      "2026-11-21",
      "2026-11-22",
    ]);
  });

  test("follows the pages of a day to the last one", async () => {
    const [person, machine] = REPORT.data;
    api.answerWith((asked) => {
      const body =
        asked.query.get("page") === "p2"
          ? { data: [machine], has_more: false, next_page: null }
          : { data: [person], has_more: true, next_page: "p2" };
      return reportOfDay(body)(asked);
    });
    const { run, ledger } = setup(claudeCode());

    expect(await run()).toMatchObject({ outcome: "finished", pages: 4 });
    expect(ledger.events()).toHaveLength(3);
  });

  test("rejects a row that cannot be read by its place, and takes the others", async () => {
    const faulty = structuredClone(REPORT);
    faulty.data[1].model_breakdown[0].tokens.input = "canary-many";
    faulty.data.push({ canary: "row" });
    api.answerWith(reportOfDay(faulty));
    const { run, ledger, log } = setup(claudeCode());

    const result = await run();

    expect(result.counts).toMatchObject({ received: 4, committed: 2, rejected: 2 });
    expect(result.faults.map(({ path }) => path)).toEqual([
      "data[1].model_breakdown[0].tokens.input",
      "data[2].date",
    ]);
    expect(ledger.events()).toHaveLength(2);
    expect(JSON.stringify(log)).not.toContain("canary");
  });

  test("takes nothing of a page of another form, fails, and asks for it again", async () => {
    api.answerWith(() => ({ body: { data: [{ canary: 1 }] } }));
    const { run, ledger, log, userDay } = setup(claudeCode());

    await expect(run()).rejects.toThrow("is not a page that can be read: has_more");
    expect(ledger.events()).toHaveLength(0);
    expect(JSON.stringify(log)).not.toContain("canary");

    api.answerWith(reportOfDay());
    await run();
    expect(userDay("user-017@example.com", DAY).costNanoUsd).toBe(PERSON_NANO_USD);
  });
});

describe("a limited or failing API", () => {
  test("is asked again after as many seconds as Retry-After says", async () => {
    let limited = 2;
    api.answerWith((asked) => {
      limited -= 1;
      return limited >= 0 ? { status: 429, headers: { "retry-after": "7" } } : reportOfDay()(asked);
    });
    const { run, clock, ledger } = setup(claudeCode());

    expect(await run()).toMatchObject({ outcome: "finished" });
    expect(clock.waits).toEqual([7_000, 7_000]);
    expect(ledger.events()).toHaveLength(3);
  });

  test.each([
    ["an error of the server", { status: 503 }],
    ["a lost connection", "hang-up"],
  ] as const)("is asked again, with longer waits, after %s", async (_, failure) => {
    let failures = 3;
    api.answerWith((asked) => {
      failures -= 1;
      return failures >= 0 ? failure : reportOfDay()(asked);
    });
    const { run, clock, ledger } = setup(claudeCode());

    expect(await run()).toMatchObject({ outcome: "finished" });
    expect(clock.waits).toEqual([1_000, 2_000, 4_000]);
    expect(ledger.events()).toHaveLength(3);
  });

  test("ends the run early if it asks for more time than there is, and the next one goes on", async () => {
    api.answerWith((asked) =>
      asked.query.get("starting_at") === "2026-11-21"
        ? { status: 429, headers: { "retry-after": "3600" } }
        : reportOfDay()(asked),
    );
    const { run, clock, metrics, userDay } = setup(claudeCode());

    expect(await run()).toMatchObject({ outcome: "interrupted", counts: { committed: 3 } });
    expect(clock.waits).toEqual([]);
    expect(metrics).toContainEqual({ CollectorFinished: 0, Collector: "test" });

    const before = api.asked.length;
    api.answerWith(reportOfDay());
    expect(await run()).toMatchObject({ outcome: "finished" });
    expect(api.asked[before]?.query.get("starting_at")).toBe("2026-11-21");
    expect(metrics).toContainEqual({ CollectorFinished: 1, Collector: "test" });
    expect(userDay("user-017@example.com", DAY).costNanoUsd).toBe(PERSON_NANO_USD);
  });

  test("fails the run at once if it refuses the key, which no log shows", async () => {
    api.answerWith(() => ({ status: 401, body: { error: "canary" } }));
    const { run, log, progress } = setup(claudeCode());

    await expect(run()).rejects.toThrow("401; check the key in the collector's secret");
    expect(api.asked).toHaveLength(1);
    expect(JSON.stringify(log) + progress.text()).not.toContain("canary");
  });

  test("is never followed to another address, as the key would go along", async () => {
    const other = await loopbackApi();
    api.answerWith(() => ({ status: 307, headers: { location: other.url } }));

    await expect(setup(claudeCode()).run()).rejects.toThrow("with 307");
    expect(other.asked).toHaveLength(0);
    await other.close();
  });
});

describe("a run that dies", () => {
  test("is continued at the page that it stored but had not left, and counts it once", async () => {
    api.answerWith(reportOfDay());
    const { run, ledger, userDay } = setup(claudeCode());
    const { append } = ledger;
    let crashes = 1;
    Object.assign(ledger, {
      append: async (events: Parameters<typeof append>[0]) => {
        const outcomes = await append(events);
        crashes -= 1;
        if (crashes >= 0) {
          throw new LedgerUnavailableError(new Error("died after the commit"));
        }
        return outcomes;
      },
    });

    await expect(run()).rejects.toThrow("ledger");
    const before = api.asked.length;
    const result = await run();

    expect(api.asked[before]?.query.get("starting_at")).toBe(DAY);
    expect(result.counts).toMatchObject({ received: 6, committed: 0, duplicate: 6 });
    expect(ledger.events()).toHaveLength(3);
    expect(userDay("user-017@example.com", DAY).costNanoUsd).toBe(PERSON_NANO_USD);
  });

  test("reads its days anew if the provider has forgotten its place in the pages", async () => {
    const { run, progress, userDay } = setup(claudeCode());
    await progress.write("test", {
      readUntil: "2026-11-20",
      unfinished: {
        until: "2026-11-21",
        tasks: [{ step: "claude-code", from: DAY, to: "2026-11-21", page: "expired" }],
      },
    });
    api.answerWith((asked) =>
      asked.query.get("page") === "expired" ? { status: 400 } : reportOfDay()(asked),
    );

    expect(await run()).toMatchObject({ outcome: "finished" });
    expect(userDay("user-017@example.com", DAY).costNanoUsd).toBe(PERSON_NANO_USD);
  });
});

describe("what is kept of a run", () => {
  test("holds no name of a person, and the ledger only pseudonyms", async () => {
    api.answerWith(reportOfDay());
    const { run, ledger, progress, log } = setup(claudeCode());

    await run();

    const kept = JSON.stringify([ledger.events(), progress.text(), log], (_, value) =>
      typeof value === "bigint" ? String(value) : value,
    );
    expect(kept).not.toContain("example.com");
    expect(kept).not.toContain("ci-bot");
    expect(kept).not.toContain(SECRET);
    expect(kept).toContain(pseudonymise("user-017@example.com"));
  });

  test("says up to which day all is read: today is not over", async () => {
    api.answerWith(reportOfDay());
    const { run, progress } = setup(claudeCode());

    await run();

    expect(await progress.read("test")).toEqual({ readUntil: "2026-11-21" });
  });
});
