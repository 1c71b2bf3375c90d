import { compareText } from "../compare-text.ts";
import { byPerson } from "../directory/by-person.ts";
import type { DirectoryLookup } from "../directory/directory.ts";
import { addDays, daysBetween, startOfDay } from "../ledger/calendar.ts";
import type { Day, SessionDay, UserDay } from "../ledger/roll-ups.ts";
import { type NanoUsd, usdForStatistics } from "../money/nano-usd.ts";
import type { DeliveryHistory } from "../outcomes/delivery-history.ts";
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
  { userDays, sessionDays, delivery, directory }: UserWindowsInput,
): readonly UserWindow[] {
  const weekOf = new Map(
    windows.flatMap(({ from, to, week }) => daysBetween(from, to).map((day) => [day, week])),
  );
  const cohortOf = cohortNames();
  const sessions = byPerson(sessionDays, directory);
  const weeks = windows.map((window) => {
    const { from, to, asOfMs } = window;
    const credit = delivery.creditByUser(from, to, asOfMs);
    const smallTasks = delivery.smallTasksByUser(from, to);
    const units: UserWindow[] = [];
    return { window, lastDay: addDays(to, -1), credit, smallTasks, units };
  });
  // Person by person, so that no more than one person's records are held apart at a time.
  const people = [...byPerson(userDays, directory)].sort(([a], [b]) => compareText(a, b));
  for (const [user, ownDays] of people) {
    const daysOf = Map.groupBy(ownDays, ({ day }) => weekOf.get(day));
    const sessionsOf = Map.groupBy(sessions.get(user) ?? [], ({ day }) => weekOf.get(day));
    for (const { window, lastDay, credit, smallTasks, units } of weeks) {
      const days = daysOf.get(window.week);
      if (days !== undefined) {
        const { team, owner, useCase } = directory.placeOf(user, lastDay);
        const sums = totalOf(days);
        units.push({
          ...sums,
          ...sessionShape(sessionsOf.get(window.week) ?? []),
          user,
          team,
          owner,
          useCase,
          cohort: cohortOf(team, useCase),
          window,
          week: window.week,
          costUsd: usdForStatistics(sums.costNanoUsd),
          credit: credit.get(user) ?? 0,
          smallTasks: smallTasks.get(user) ?? 0,
        });
      }
    }
  }
  return weeks.flatMap(({ units }) => units);
}

function totalOf(days: readonly UserDay[]) {
  const total = {
    costNanoUsd: 0n,
    sessions: 0,
    calls: 0,
    unpricedCalls: 0,
    fingerprintedCalls: 0,
    distinctFingerprints: 0,
    inputTokens: 0,
    outputTokens: 0,
  };
  for (const day of days) {
    total.costNanoUsd += day.costNanoUsd;
    total.sessions += day.sessions;
    total.calls += day.calls;
    total.unpricedCalls += day.unpricedCalls;
    total.fingerprintedCalls += day.fingerprintedCalls;
    total.distinctFingerprints += day.distinctFingerprints;
    for (const { tokens } of day.lines) {
      total.inputTokens += inputTokens(tokens);
      total.outputTokens += tokens.output;
    }
  }
  return total;
}
