import { describe, expect, test } from "vitest";
import { directoryLookup } from "../../../shared/directory/directory.ts";
import { UseCase } from "../../../shared/directory/settings.ts";
import type { SessionDay, UserDay } from "../../../shared/ledger/roll-ups.ts";
import { useCaseCosts } from "../../../shared/reports/use-case-costs.ts";
import type { UseCaseDeliveries } from "../../../shared/reports/use-case-deliveries.ts";
import { aSessionDay } from "../../support/session-day-builder.ts";
import { aCostLine, aUserDay } from "../../support/user-days.ts";

const place = {
  user: "user-017",
  team: "team-checkout",
  costCenter: "CC-1",
  owner: "owner-shop",
  useCase: "feature-work",
};
const directory = directoryLookup({
  assignments: [
    { ...place, effectiveFrom: "2026-01-01" },
    { ...place, useCase: "migration", effectiveFrom: "2026-10-20" },
  ],
  aliases: new Map([["alias-1", "user-017"]]),
});
const registry = [
  UseCase.parse({ id: "tender-answer", owner: "owner-shop", unit: "a tender answered" }),
  UseCase.parse({ id: "claims-triage" }),
];

/** A day's session that costs so much in one call. */
function aSession(
  useCases: readonly string[],
  costNanoUsd: bigint,
  more: Partial<SessionDay> = {},
) {
  const common = { user: "user-017", calls: 1, day: "2026-10-05" };
  return aSessionDay({ ...common, session: useCases.join("+"), useCases, costNanoUsd, ...more });
}

/** The user's day that the sessions sum to. */
function dayOf(sessions: readonly SessionDay[], more: Partial<UserDay> = {}): UserDay {
  const lines = sessions.map(({ calls, unpricedCalls, costNanoUsd }, at) =>
    aCostLine({ model: `m${at}`, calls, unpricedCalls, costNanoUsd }),
  );
  return aUserDay({ lines, ...more });
}

function costsOf(
  sessionDays: readonly SessionDay[],
  userDays = [dayOf(sessionDays)],
  deliveries: UseCaseDeliveries = new Map(),
) {
  return useCaseCosts({ sessionDays, userDays, directory, month: "2026-10", registry, deliveries });
}

/** Without the lines of nothing. */
function spendOf(...input: Parameters<typeof costsOf>) {
  const lines = costsOf(...input).filter(({ calls }) => calls > 0);
  return Object.fromEntries(lines.map(({ useCase, usageNanoUsd }) => [useCase, usageNanoUsd]));
}

describe("useCaseCosts", () => {
  test("lists every registered use case with who answers for it, also one that cost nothing", () => {
    expect(costsOf([aSession(["claims-triage"], 7n, { unpricedCalls: 1 })])).toEqual([
      {
        useCase: "claims-triage",
        isRegistered: true,
        calls: 1,
        unpricedCalls: 1,
        usageNanoUsd: 7n,
        delivered: { kind: "withheld" },
      },
      {
        useCase: "tender-answer",
        isRegistered: true,
        owner: "owner-shop",
        unit: "a tender answered",
        calls: 0,
        unpricedCalls: 0,
        usageNanoUsd: 0n,
        delivered: { kind: "counted", pieces: 0, microUnits: 0 },
      },
    ]);
  });

  test("states what was delivered of a registered one that five people or more spent on or delivered", () => {
    const spending = ["user-1", "user-2", "user-3", "user-4"].map((user) =>
      aSession(["claims-triage"], 5n, { user }),
    );
    const days = spending.map((session) => dayOf([session], { user: session.user }));
    const delivered = (people: readonly string[]) => {
      const delivery = { pieces: 2, microUnits: 500_000, people: new Set(people) };
      const deliveries = new Map([["claims-triage", delivery]]);
      return costsOf(spending, days, deliveries).find(({ useCase }) => useCase === "claims-triage")
        ?.delivered;
    };

    expect(delivered(["user-5"])).toEqual({ kind: "counted", pieces: 2, microUnits: 500_000 });
    expect(delivered(["user-4"])).toEqual({ kind: "withheld" });
    expect(delivered([])).toEqual({ kind: "withheld" });
    expect(delivered(["unattributed"])).toEqual({ kind: "withheld" });
  });

  test("charges a session to the use case that its calls name, else to its person's", () => {
    expect(spendOf([aSession(["tender-answer"], 5n), aSession([], 2n)])).toEqual({
      "tender-answer": 5n,
      "feature-work": 2n,
    });
  });

  test("charges each day to the use case that the person had on that day", () => {
    const later = aSession([], 3n, { day: "2026-10-20", user: "alias-1" });
    const days = [
      dayOf([aSession([], 2n)]),
      dayOf([later], { day: "2026-10-20", user: "alias-1" }),
    ];

    expect(spendOf([aSession([], 2n), later], days)).toEqual({
      "feature-work": 2n,
      migration: 3n,
    });
  });

  test("a session that names several use cases is charged to none of them", () => {
    expect(spendOf([aSession(["claims-triage", "tender-answer"], 5n)])).toEqual({
      "(several)": 5n,
    });
  });

  test("what a sender made up gets no line of its own", () => {
    expect(spendOf([aSession(["poem"], 5n), aSession(["=1+1"], 2n)])).toEqual({
      "(not registered)": 7n,
    });
    expect(spendOf([aSession(["feature-work"], 5n)])).toEqual({ "feature-work": 5n });
  });

  test("people whom the directory does not know are unassigned", () => {
    const session = aSession([], 5n, { user: "user-999" });

    expect(spendOf([session], [dayOf([session], { user: "user-999" })])).toEqual({
      unassigned: 5n,
    });
  });

  test("a day whose sessions do not sum to it is charged to the person's as a whole", () => {
    const session = aSession(["tender-answer"], 5n);
    const newer = dayOf([session, aSession([], 3n)]);

    expect(spendOf([session], [newer])).toEqual({ "feature-work": 8n });
    expect(spendOf([], [newer])).toEqual({ "feature-work": 8n });
    expect(spendOf([session, aSession(["claims-triage"], 3n)], [dayOf([session])])).toEqual({
      "feature-work": 5n,
    });
  });

  test("takes no day of another month, and no session without its day", () => {
    const other = aSession(["tender-answer"], 5n, { day: "2026-11-01" });

    expect(spendOf([other], [dayOf([other], { day: "2026-11-01" })])).toEqual({});
    expect(spendOf([other], [])).toEqual({});
  });

  test("is in order of name, never of cost", () => {
    const names = costsOf([aSession([], 900n), aSession(["poem"], 1n)]).map(
      ({ useCase }) => useCase,
    );

    expect(names).toEqual(["(not registered)", "claims-triage", "feature-work", "tender-answer"]);
  });
});
