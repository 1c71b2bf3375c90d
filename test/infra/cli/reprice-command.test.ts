import { describe, expect, test } from "vitest";
import { recomputeDay } from "../../../functions/roll-up/recompute-day.ts";
import { repriceCommand } from "../../../infra/cli/reprice-command.ts";
import { ONE_NAME_EACH } from "../../../shared/directory/names-of-person.ts";
import { REQUESTS_FIRST } from "../../../shared/ledger/grain-authority.ts";
import { genaiPriceBook } from "../../../shared/pricing/genai-price-book.ts";
import { PriceSettings } from "../../../shared/pricing/price-settings.ts";
import { inMemoryRollUps } from "../../support/in-memory-roll-ups.ts";
import { inMemoryUsageLedger } from "../../support/in-memory-usage-ledger.ts";
import { recordedTerminal } from "../../support/recorded-terminal.ts";
import { aUsageEvent } from "../../support/usage-event-builder.ts";

/** Stored by the list alone; then a contract is configured. */
async function setup() {
  const ledger = inMemoryUsageLedger();
  const rollUps = inMemoryRollUps();
  const namesOf = async () => ONE_NAME_EACH;
  const stores = { ledger, rollUps, authority: REQUESTS_FIRST, namesOf };
  await ledger.append([
    aUsageEvent({ id: "a" }),
    aUsageEvent({ id: "b", model: "composer-1", tool: "cursor", provider: "cursor" }),
    aUsageEvent({ id: "c", tier: "flex" }),
  ]);
  await recomputeDay(
    { ...stores, priceBook: genaiPriceBook() },
    [aUsageEvent().user],
    "2026-10-05",
  );
  const priceBook = genaiPriceBook(
    PriceSettings.parse({
      rules: [
        { kind: "times-list", provider: "anthropic", factor: "0.5" },
        {
          kind: "per-million-tokens",
          model: "composer-*",
          input: "1",
          cacheRead: "0.1",
          cacheWrite5m: "1",
          output: "10",
        },
      ],
    }),
  );
  const run = async (...args: readonly string[]) => {
    const terminal = recordedTerminal();
    const connect = () => Promise.resolve({ ...stores, priceBook });
    await repriceCommand(args, { ...terminal, connect });
    return terminal;
  };
  return { rollUps, run };
}

describe("reprice", () => {
  test("shows what other prices change by model, in total, and what has no price still", async () => {
    const { rollUps, run } = await setup();

    const { printed, remarks } = await run("--month", "2026-10");

    expect(printed).toEqual([
      "TOOL         PROVIDER   MODEL              CALLS  BEFORE USD   AFTER USD    DIFFERENCE    UNPRICED BEFORE  AFTER",
      "claude-code  anthropic  claude-sonnet-4-5  2      0.016959000  0.008479500  -0.008479500  1                1",
      // 123 + 2,000 + 1,000 + 4,560 millionths of a dollar.
      "cursor       cursor     composer-1         1      0.000000000  0.007683000  0.007683000   1                0",
      "all                                        3      0.016959000  0.016162500  -0.000796500  2                1",
      "",
      "UNPRICED TOOL  PROVIDER   MODEL              TIER  CALLS  WHY",
      "claude-code    anthropic  claude-sonnet-4-5  flex  1      the price list knows the standard tier only",
    ]);
    expect(remarks[0]).toMatch(
      /^1 person-day, 2026-10-01 to 2026-10-31, by genai-prices@0\.1\.8\+[0-9a-f]{8}$/,
    );
    expect([...rollUps.userDays.values()][0]?.costNanoUsd).toBe(16_162_500n);
  });

  test("as a trial stores nothing, and says so", async () => {
    const { rollUps, run } = await setup();

    const { printed, remarks } = await run(
      "--from",
      "2026-10-05",
      "--to",
      "2026-10-06",
      "--dry-run",
    );

    expect(printed[3]).toContain("-0.000796500");
    expect(remarks[0]).toContain("nothing was stored");
    expect([...rollUps.userDays.values()][0]?.costNanoUsd).toBe(16_959_000n);
  });

  test.each([
    [[], /^--month, or both --from and --to, must be given/],
    [["--from", "2026-10-02"], /^--month, or both --from and --to, must be given/],
    [["--month", "2026-13"], /^--month must be a month such as 2026-10/],
    [["--month", "2026-10", "--from", "2026-10-01"], /^--month goes without --from and --to/],
    [["--from", "1 May", "--to", "2026-10-02"], /^--from and --to must be days such as 2026-10-01/],
    [
      ["--from", "2026-10-02", "--to", "2026-10-02"],
      /^--from 2026-10-02 must be before --to 2026-10-02/,
    ],
    [["--month", "2026-10", "everything"], /^Usage/],
  ])("%j prices nothing, and says why", async (args, fault) => {
    const { run } = await setup();

    await expect(run(...args)).rejects.toMatchObject({
      message: expect.stringMatching(fault),
      exitCode: 2,
    });
  });
});
