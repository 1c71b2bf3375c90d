import type { DirectoryLookup } from "../directory/directory.ts";
import type { Day, SessionDay } from "../ledger/roll-ups.ts";
import type { NanoUsd } from "../money/nano-usd.ts";
import type { DeliveryUnit } from "../outcomes/delivery-unit.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";

/** A whole session, over all its days, and what it delivered. */
export type ScoredSession = {
  readonly user: UserPseudonym;
  readonly session: string;
  readonly firstDay: Day;
  readonly team: string;
  /** Of the session where the sender says, else of the person. */
  readonly useCase: string;
  /** Team and use case. */
  readonly cohort: string;
  readonly calls: number;
  readonly unpricedCalls: number;
  readonly costNanoUsd: NanoUsd;
  readonly lastMs: number;
  readonly creditMicroUnits: number;
};

/** Sums session-days into sessions, in order of person and session. */
export function sessionsOf(
  sessionDays: readonly SessionDay[],
  units: readonly DeliveryUnit[],
  { personOf, placeOf }: DirectoryLookup,
): readonly ScoredSession[] {
  const credits = creditBySession(units);
  const bySession = Map.groupBy(sessionDays, ({ user, session }) =>
    sessionKey(personOf(user), session),
  );
  return [...bySession]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, days]) => {
      const [first] = days.toSorted((a, b) => a.firstMs - b.firstMs);
      if (first === undefined) {
        return [];
      }
      const user = personOf(first.user);
      const place = placeOf(user, first.day);
      const useCase = onlyOne(days.flatMap(({ useCases }) => useCases)) ?? place.useCase;
      return {
        user,
        session: first.session,
        firstDay: first.day,
        team: place.team,
        useCase,
        cohort: `${place.team} ${useCase}`,
        calls: sum(days.map(({ calls }) => calls)),
        unpricedCalls: sum(days.map(({ unpricedCalls }) => unpricedCalls)),
        costNanoUsd: days.reduce((total, { costNanoUsd }) => total + costNanoUsd, 0n),
        lastMs: Math.max(...days.map(({ lastMs }) => lastMs)),
        creditMicroUnits: credits.get(key) ?? 0,
      };
    });
}

export function sessionKey(user: UserPseudonym, session: string): string {
  return JSON.stringify([user, session]);
}

function creditBySession(units: readonly DeliveryUnit[]): ReadonlyMap<string, number> {
  const credits = new Map<string, number>();
  for (const { user, session, creditMicroUnits } of units.flatMap(({ sessions }) => sessions)) {
    const key = sessionKey(user, session);
    credits.set(key, (credits.get(key) ?? 0) + creditMicroUnits);
  }
  return credits;
}

function onlyOne(values: readonly string[]): string | undefined {
  const [value, ...others] = new Set(values);
  return others.length === 0 ? value : undefined;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
