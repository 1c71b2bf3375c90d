import { describe, expect, test } from "vitest";
import { DAY_MS, dayOf } from "../../../shared/ledger/calendar.ts";
import type { SessionDay } from "../../../shared/ledger/roll-ups.ts";
import type { OutcomeEvent } from "../../../shared/outcomes/outcome-event.ts";
import { MERGED_MS, unitsOf } from "../../support/delivery.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";
import { aSessionDay } from "../../support/session-day-builder.ts";

const HOUR_MS = 3_600_000;

/** Which sessions earn the one unit, by which rule, and how much of it. */
function shares(sessions: readonly SessionDay[], overrides: Partial<OutcomeEvent> = {}) {
  const units = unitsOf([anOutcomeEvent(overrides)], { sessions });
  return units.flatMap((unit) =>
    unit.sessions.map(({ session, rule, creditMicroUnits }) => [session, rule, creditMicroUnits]),
  );
}

const elsewhere = { branches: ["other"], commits: [] };

describe("rules of attribution", () => {
  test("a session that the outcome names earns it, whatever its branch", () => {
    const named = aSessionDay({ session: "s1", ...elsewhere, repositories: [] });
    const other = aSessionDay({ session: "s2", ...elsewhere });

    expect(shares([named, other], { sessions: ["s1"] })).toEqual([["s1", "named", 1_000_000]]);
  });

  test("a session that made one of its commits earns it, on all its days", () => {
    const first = aSessionDay({ session: "s1", ...elsewhere, firstMs: MERGED_MS - 2 * DAY_MS });
    const second = aSessionDay({
      session: "s1",
      branches: [],
      commits: ["0d1a26e6ffff0000"],
      firstMs: MERGED_MS - DAY_MS,
    });

    expect(shares([second, first])).toEqual([
      ["s1", "commit", 500_000],
      ["s1", "commit", 500_000],
    ]);
  });

  test("the person's sessions on the branch earn it; the branch of another person does not", () => {
    const own = aSessionDay({ session: "s1" });
    const foreign = aSessionDay({ session: "s2", user: "user-2" });

    expect(shares([own, foreign])).toEqual([["s1", "branch", 1_000_000]]);
  });

  test("the same branch name in another repository is another branch", () => {
    const other = aSessionDay({ session: "s1", repositories: ["acme/api"] });
    const unknown = aSessionDay({ session: "s2", repositories: [] });

    expect(shares([other, unknown])).toEqual([["s2", "branch", 1_000_000]]);
  });

  test("work on a default branch links nothing by its branch", () => {
    const onMain = aSessionDay({ session: "s1", branches: ["main"] });

    expect(shares([onMain], { branch: "main" })).toEqual([["s1", "window-share", 1_000_000]]);
  });

  test("without any link, the person's sessions from 21 days before to 2 days after share it", () => {
    const at = (session: string, firstMs: number) =>
      aSessionDay({ session, firstMs, ...elsewhere });
    const sessions = [
      at("too-early", MERGED_MS - 21 * DAY_MS - 2 * HOUR_MS),
      at("early", MERGED_MS - 21 * DAY_MS + HOUR_MS),
      at("late", MERGED_MS + 2 * DAY_MS - HOUR_MS),
      at("too-late", MERGED_MS + 2 * DAY_MS + HOUR_MS),
    ];

    expect(shares(sessions)).toEqual([
      ["early", "window-share", 500_000],
      ["late", "window-share", 500_000],
    ]);
  });

  test("one explicit link leaves nothing for sessions that were only near in time", () => {
    const onBranch = aSessionDay({ session: "s1" });
    const near = aSessionDay({ session: "s2", ...elsewhere });

    expect(shares([near, onBranch])).toEqual([["s1", "branch", 1_000_000]]);
  });

  test("the strongest rule is the one that is shown", () => {
    const session = aSessionDay({ session: "s1", commits: ["0d1a26e6"] });

    expect(shares([session])).toEqual([["s1", "commit", 1_000_000]]);
    expect(shares([session], { sessions: ["s1"] })).toEqual([["s1", "named", 1_000_000]]);
  });

  test("work that no one is named for is not shared out to spend that no one is named for", () => {
    const session = aSessionDay({ user: "unattributed" });

    expect(shares([session], { user: "unattributed" })).toEqual([]);
  });

  test("senders without sessions share a placeholder, which links nothing", () => {
    const placeholder = aSessionDay({ session: "-", user: "user-2", ...elsewhere });

    expect(shares([placeholder], { sessions: ["-"] })).toEqual([]);
  });
});

describe("shares", () => {
  test("they follow cost, and sum to the unit in spite of rounding", () => {
    const sessions = [1n, 1n, 1n, 4n].map((cost, at) =>
      aSessionDay({ session: `s${at}`, costNanoUsd: cost * 1_000_000_000n }),
    );

    expect(shares(sessions).map(([, , credit]) => credit)).toEqual([
      142_857, 142_857, 142_857, 571_429,
    ]);
  });

  test("sessions without any priced call share alike", () => {
    const sessions = ["s0", "s1"].map((session) => aSessionDay({ session, costNanoUsd: 0n }));

    expect(shares(sessions).map(([, , credit]) => credit)).toEqual([500_000, 500_000]);
  });

  test.each(["user-017", "alias"])("a session-day that %s is told of as well is one", (user) => {
    const once = aSessionDay({ session: "s1", costNanoUsd: 1_000_000_000n });
    const again = aSessionDay({ session: "s1", user, costNanoUsd: 3_000_000_000n });
    const other = aSessionDay({ session: "s2", costNanoUsd: 4_000_000_000n });

    for (const sessions of [
      [once, again, other],
      [other, again, once],
    ]) {
      const [unit] = unitsOf([anOutcomeEvent()], { sessions, personOf: () => "user-017" });

      expect(unit?.sessions.map(({ creditMicroUnits }) => creditMicroUnits)).toEqual([
        500_000, 500_000,
      ]);
    }
  });

  test("a session-day counts once it has ended, and for what it cost under any pseudonym", () => {
    const ended = aSessionDay({ session: "s1", user: "alias", firstMs: MERGED_MS - DAY_MS });
    const running = aSessionDay({ session: "s2", firstMs: MERGED_MS + DAY_MS });
    const [unit] = unitsOf([anOutcomeEvent()], {
      sessions: [ended, running],
      asOfMs: MERGED_MS + DAY_MS,
      personOf: () => "user-017",
    });

    expect(unit?.sessions).toEqual([
      {
        user: "user-017",
        session: "s1",
        day: dayOf(MERGED_MS - DAY_MS),
        rule: "branch",
        shareMillionths: 1_000_000,
        creditMicroUnits: 1_000_000,
      },
    ]);
  });
});
