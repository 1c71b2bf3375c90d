import type { DirectoryLookup } from "../directory/directory.ts";
import { addDays, daysBetween, startOfDay } from "../ledger/calendar.ts";
import type { Day, SessionDay, UserDay } from "../ledger/roll-ups.ts";
import { type NanoUsd, usdForStatistics } from "../money/nano-usd.ts";
import type { DeliveryHistory } from "../outcomes/delivery-history.ts";
import { pushTo } from "../outcomes/outcome-index.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";
import { cohortNames } from "./cohort-names.ts";
import { sessionShape } from "./session-shape.ts";
import { inputTokens } from "./usage-profile.ts";

export const DAYS_PER_WINDOW = 7;
/** Records that begin on a Monday cover a week that begins on the Saturday before. */
const WEEKEND_DAYS = 2;

/** Seven days, `[from, to)`, and when they are looked at: all windows at the same age. */
export type Window = {
  /** 0 is the oldest; the window to be scored comes last. */
  readonly week: number;
  readonly from: Day;
  readonly to: Day;
  readonly asOfMs: number;
};

/** What a person spent and delivered in one window. */
export type UserWindow = {
  readonly user: UserPseudonym;
  readonly team: string;
  readonly owner: string;
  readonly useCase: string;
  /** Team and use case: whose spend is comparable. */
  readonly cohort: string;
  readonly window: Window;
  readonly week: number;
  readonly costNanoUsd: NanoUsd;
  readonly costUsd: number;
  /** Days of sessions: a session over midnight counts on both days. */
  readonly sessions: number;
  readonly calls: number;
  readonly unpricedCalls: number;
  readonly fingerprintedCalls: number;
  readonly distinctFingerprints: number;
  /** All that models were given to read, cached or not, and all that they wrote. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Sub-agents over all days of sessions. */
  readonly agents: number;
  /** Calls of the three longest sessions (geometric mean); absent without any. */
  readonly longestSessionsCalls?: number;
  /** What the tasks of the window lack, by their lines, to as many full units. */
  readonly smallTasks: number;
  /** Delivery units, as known at the window's `asOfMs`. */
  readonly credit: number;
  /** What owners' answers make of it; absent without one. */
  readonly learning?: WindowLearning;
  /** Whether it is kept out of what is usual for the person. */
  readonly isFrozen?: boolean;
};

/**
 * `left-out`: no sample of honest work, so nothing is calibrated on it. `vouched-for`: honest, however
 * unusual, so cleaning must not take it for waste.
 */
export type WindowLearning = "left-out" | "vouched-for";

/**
 * The trailing window that ends before `end`, and whole weeks before it, oldest first, back to the
 * first that the records cover: a week that they begin in the middle of looks like a cheap one.
 *
 * @param asOfMs The moment at which the trailing window is looked at; its distance from `end` is the
 *   age at which history is looked at too.
 */
export function windowsBefore(
  end: Day,
  asOfMs: number,
  historyWeeks: number,
  userDays: readonly UserDay[],
): readonly Window[] {
  const ageMs = asOfMs - startOfDay(end);
  const windows = Array.from({ length: historyWeeks + 1 }, (_, back) => {
    const to = addDays(end, -DAYS_PER_WINDOW * back);
    return { from: addDays(to, -DAYS_PER_WINDOW), to, asOfMs: startOfDay(to) + ageMs };
  });
  const firstDay = userDays.reduce((first, { day }) => (day < first ? day : first), end);
  return windows
    .filter(({ from }, back) => back === 0 || from >= addDays(firstDay, -WEEKEND_DAYS))
    .toReversed()
    .map((window, week) => ({ ...window, week }));
}

export type UserWindowsInput = {
  readonly userDays: readonly UserDay[];
  readonly sessionDays: readonly SessionDay[];
  readonly delivery: Pick<DeliveryHistory, "creditByUser" | "smallTasksByUser">;
  readonly directory: DirectoryLookup;
};

/** Sums roll-ups into windows, in order of window and person, whatever the order of the input. */
export function userWindows(
  windows: readonly Window[],
  { userDays, sessionDays, delivery, directory: { personOf, placeOf } }: UserWindowsInput,
): readonly UserWindow[] {
  const weekOf = new Map(
    windows.flatMap(({ from, to, week }) => daysBetween(from, to).map((day) => [day, week])),
  );
  const spent = windows.map(() => new Map<UserPseudonym, Sums>());
  for (const day of userDays) {
    addDay(spent[weekOf.get(day.day) ?? -1], personOf(day.user), day);
  }
  const worked = windows.map(() => new Map<UserPseudonym, SessionDay[]>());
  for (const day of sessionDays) {
    const week = worked[weekOf.get(day.day) ?? -1];
    if (week !== undefined) {
      pushTo(week, personOf(day.user), day);
    }
  }
  const cohortOf = cohortNames();
  const people = [...new Set(spent.flatMap((week) => [...week.keys()]))].sort();
  return windows.flatMap((window) => {
    const { week, from, to } = window;
    const credit = delivery.creditByUser(from, to, window.asOfMs);
    const smallTasks = delivery.smallTasksByUser(from, to);
    const lastDay = addDays(to, -1);
    return people.flatMap((user) => {
      const sums = spent[week]?.get(user);
      if (sums === undefined) {
        return [];
      }
      const { team, owner, useCase } = placeOf(user, lastDay);
      return {
        ...sums,
        ...sessionShape(worked[week]?.get(user) ?? []),
        user,
        team,
        owner,
        useCase,
        cohort: cohortOf(team, useCase),
        window,
        week,
        costUsd: usdForStatistics(sums.costNanoUsd),
        credit: credit.get(user) ?? 0,
        smallTasks: smallTasks.get(user) ?? 0,
      };
    });
  });
}

/** A total that grows. */
type Sums = {
  costNanoUsd: NanoUsd;
  sessions: number;
  calls: number;
  unpricedCalls: number;
  fingerprintedCalls: number;
  distinctFingerprints: number;
  inputTokens: number;
  outputTokens: number;
};

function addDay(
  week: Map<UserPseudonym, Sums> | undefined,
  user: UserPseudonym,
  day: UserDay,
): void {
  const sums = week?.get(user) ?? {
    costNanoUsd: 0n,
    sessions: 0,
    calls: 0,
    unpricedCalls: 0,
    fingerprintedCalls: 0,
    distinctFingerprints: 0,
    inputTokens: 0,
    outputTokens: 0,
  };
  week?.set(user, sums);
  sums.costNanoUsd += day.costNanoUsd;
  sums.sessions += day.sessions;
  sums.calls += day.calls;
  sums.unpricedCalls += day.unpricedCalls;
  sums.fingerprintedCalls += day.fingerprintedCalls;
  sums.distinctFingerprints += day.distinctFingerprints;
  for (const { tokens } of day.lines) {
    sums.inputTokens += inputTokens(tokens);
    sums.outputTokens += tokens.output;
  }
}
