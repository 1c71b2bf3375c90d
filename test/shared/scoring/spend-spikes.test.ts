import { describe, expect, test } from "vitest";
import type { UserDay } from "../../../shared/ledger/roll-ups.ts";
import { sumNanoUsd } from "../../../shared/money/nano-usd.ts";
import { isWeekend } from "../../../shared/scoring/person-day.ts";
import { judgeSpendDays } from "../../../shared/scoring/spend-spikes.ts";
import { scoringInput } from "../../support/scored-organisation.ts";
import { type Organisation, syntheticOrganisation } from "../../support/synthetic-organisation.ts";

const USER = "user-00003";
/** The Wednesday of the last week. */
const DAY = "2026-11-11";

const calm = syntheticOrganisation({ seed: 12 });

function judgedWith(change: (day: UserDay) => UserDay, organisation: Organisation = calm) {
  const input = scoringInput(organisation);
  const userDays = organisation.userDays.map(change);
  return judgeSpendDays({ ...input, end: input.windowEnd, userDays });
}

/** The same day with `factor` times the calls, for as many times the money. */
function times(day: UserDay, factor: number): UserDay {
  return {
    ...day,
    calls: day.calls * factor,
    costNanoUsd: day.costNanoUsd * BigInt(factor),
    lines: day.lines.map((line) => ({
      ...line,
      calls: line.calls * factor,
      costNanoUsd: line.costNanoUsd * BigInt(factor),
      tokens: {
        ...line.tokens,
        uncachedInput: line.tokens.uncachedInput * factor,
        cacheRead: line.tokens.cacheRead * factor,
        output: line.tokens.output * factor,
      },
    })),
  };
}

const isTheirs = ({ user, day }: UserDay) => user === USER && day === DAY;

describe("judgeSpendDays", () => {
  test("a calm week raises nothing", () => {
    const { judgements, alerts } = judgedWith((day) => day);

    expect(judgements.length).toBeGreaterThan(90);
    expect(alerts).toEqual([]);
  });

  test("a day of thirty times the usual spend is told, with what it cost and what is usual", () => {
    const { alerts } = judgedWith((day) => (isTheirs(day) ? times(day, 30) : day));

    expect(alerts).toHaveLength(1);
    const [alert] = alerts;
    expect(alert).toMatchObject({
      unit: { kind: "user-day", user: USER, day: DAY },
      team: "team-0",
      evidence: { expectedFalseShare: 0.1 },
    });
    const { costNanoUsd, expected, excessNanoUsd, bridge, signals } =
      alert?.evidence ?? expect.unreachable("there is an alert");
    expect(costNanoUsd).toBeGreaterThan(8n * expected.medianNanoUsd);
    expect(expected.lowNanoUsd).toBeLessThan(expected.medianNanoUsd);
    expect(expected.highNanoUsd).toBeGreaterThan(expected.medianNanoUsd);
    expect(excessNanoUsd).toBe(costNanoUsd - expected.medianNanoUsd);
    expect(sumNanoUsd((bridge ?? []).map((step) => step.changeNanoUsd))).toBe(excessNanoUsd);
    const [largest] = (bridge ?? []).toSorted((a, b) => Number(b.changeNanoUsd - a.changeNanoUsd));
    expect(largest?.step).toBe("calls");
    expect(signals.map(({ signal }) => signal).sort()).toEqual(["day-spend", "session-spend"]);
  });

  test("a day on which everybody spends four times as much is nobody's spike", () => {
    const { alerts } = judgedWith((day) => (day.day === DAY ? times(day, 4) : day));

    expect(alerts).toEqual([]);
  });

  test("below the money floor nothing is told, however unusual", () => {
    const { alerts } = judgedWith((day) => ({
      ...(isTheirs(day) ? times(day, 30) : day),
      costNanoUsd: (isTheirs(day) ? 20n : 1n) * 1_000_000_000n,
    }));

    expect(alerts).toEqual([]);
  });

  test("with fewer than 60 days of history no day is judged", () => {
    const young = syntheticOrganisation({ seed: 11, users: 6, weeks: 3 });

    expect(judgedWith((day) => day, young).judgements).toEqual([]);
  });

  test("without any spend there is nothing to say", () => {
    const input = scoringInput(calm);

    expect(judgeSpendDays({ ...input, end: input.windowEnd, userDays: [] })).toEqual({
      judgements: [],
      alerts: [],
    });
  });

  test("two pseudonyms of one person are one day", () => {
    const input = scoringInput(calm);
    const userDays = calm.userDays.flatMap((day) =>
      isTheirs(day) ? [times(day, 20), { ...times(day, 20), user: "their-other-name" }] : [day],
    );
    const personOf = (user: string) => (user === "their-other-name" ? USER : user);
    const directory = { ...input.directory, personOf };

    const { alerts } = judgeSpendDays({ ...input, end: input.windowEnd, userDays, directory });

    expect(alerts.map(({ unit }) => unit)).toEqual([{ kind: "user-day", user: USER, day: DAY }]);
  });
});

test.each([
  ["2026-11-13", false],
  ["2026-11-14", true],
  ["2026-11-15", true],
  ["2026-11-16", false],
])("isWeekend of %s is %s", (day, expected) => {
  expect(isWeekend(day)).toBe(expected);
});
