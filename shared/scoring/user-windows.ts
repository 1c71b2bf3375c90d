import type { DirectoryLookup } from "../directory/directory.ts";
import { addDays, daysBetween, startOfDay } from "../ledger/calendar.ts";
import type { Day, SessionDay, UserDay } from "../ledger/roll-ups.ts";
import { type NanoUsd, usdForStatistics } from "../money/nano-usd.ts";
import type { DeliveryHistory } from "../outcomes/delivery-history.ts";
import type { TokenBuckets, UserPseudonym } from "../usage/usage-event.ts";
import { type SessionShape, SessionShapes } from "./session-shape.ts";
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
  const sums = windows.map(() => new Map<UserPseudonym, Sums>());
  for (const day of userDays) {
    const week = weekOf.get(day.day);
    if (week !== undefined) {
      addDay(sums[week] ?? new Map(), personOf(day.user), day);
    }
  }
  const shapes = windows.map(() => new SessionShapes());
  for (const day of sessionDays) {
    shapes[weekOf.get(day.day) ?? -1]?.add(personOf(day.user), day);
  }
  return windows.flatMap((window) => {
    const credit = delivery.creditByUser(window.from, window.to, window.asOfMs);
    const smallTasks = delivery.smallTasksByUser(window.from, window.to);
    const lastDay = addDays(window.to, -1);
    return [...(sums[window.week] ?? [])]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([user, sum]) => {
        const { team, owner, useCase } = placeOf(user, lastDay);
        return {
          ...sum,
          ...(shapes[window.week]?.of(user) ?? NO_SESSIONS),
          user,
          team,
          owner,
          useCase,
          cohort: `${team} ${useCase}`,
          window,
          week: window.week,
          costUsd: usdForStatistics(sum.costNanoUsd),
          credit: credit.get(user) ?? 0,
          smallTasks: smallTasks.get(user) ?? 0,
        };
      });
  });
}

type Sums = Pick<
  UserWindow,
  | "costNanoUsd"
  | "sessions"
  | "calls"
  | "unpricedCalls"
  | "fingerprintedCalls"
  | "distinctFingerprints"
  | "inputTokens"
  | "outputTokens"
>;

const NO_SESSIONS: Pick<SessionShape, "agents"> = { agents: 0 };

const NO_SPEND: Sums = {
  costNanoUsd: 0n,
  sessions: 0,
  calls: 0,
  unpricedCalls: 0,
  fingerprintedCalls: 0,
  distinctFingerprints: 0,
  inputTokens: 0,
  outputTokens: 0,
};

function addDay(sums: Map<UserPseudonym, Sums>, user: UserPseudonym, day: UserDay): void {
  const known = sums.get(user) ?? NO_SPEND;
  sums.set(user, {
    costNanoUsd: known.costNanoUsd + day.costNanoUsd,
    sessions: known.sessions + day.sessions,
    calls: known.calls + day.calls,
    unpricedCalls: known.unpricedCalls + day.unpricedCalls,
    fingerprintedCalls: known.fingerprintedCalls + day.fingerprintedCalls,
    distinctFingerprints: known.distinctFingerprints + day.distinctFingerprints,
    inputTokens: known.inputTokens + tokensOf(day, inputTokens),
    outputTokens: known.outputTokens + tokensOf(day, ({ output }) => output),
  });
}

function tokensOf({ lines }: UserDay, count: (tokens: TokenBuckets) => number): number {
  return lines.reduce((sum, { tokens }) => sum + count(tokens), 0);
}
