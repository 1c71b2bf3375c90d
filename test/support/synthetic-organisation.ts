import { addDays, DAY_MS, dayOf, startOfDay } from "../../shared/ledger/calendar.ts";
import type { CostLine, Day, SessionDay, UserDay } from "../../shared/ledger/roll-ups.ts";
import { nanoUsdFromNumber, sumNanoUsd } from "../../shared/money/nano-usd.ts";
import type { OutcomeEvent } from "../../shared/outcomes/outcome-event.ts";
import { NO_TOKENS } from "../../shared/usage/usage-event.ts";
import { anOutcomeEvent } from "./outcome-event-builder.ts";
import { aSessionDay } from "./session-day-builder.ts";
import { aCostLine, aUserDay } from "./user-days.ts";

/** What is special about a person's week; what is absent is as usual. */
export type Peculiarity = {
  readonly sessions?: number;
  readonly callsPerSession?: number;
  readonly costPerCall?: number;
  /** Factor on the chance that a session delivers a change. */
  readonly delivery?: number;
};

export type Organisation = {
  readonly userDays: readonly UserDay[];
  readonly sessionDays: readonly SessionDay[];
  readonly outcomes: readonly OutcomeEvent[];
  /** Exclusive end of the last week. */
  readonly end: Day;
  readonly users: readonly string[];
  readonly teamOf: (user: string) => string;
};

type OrganisationInput = {
  readonly seed: number;
  readonly users?: number;
  readonly weeks?: number;
  readonly peculiarityOf?: (user: string, weeksBeforeEnd: number) => Peculiarity;
};

const END: Day = "2026-11-16";
const USERS_PER_TEAM = 8;
const CHANGE_PER_SESSION = 0.6;
/** Changes are merged up to this long after the session: many after the week has ended. */
const LONGEST_DELAY_MS = 5 * DAY_MS;

/**
 * A made-up organisation: log-normal calls and prices per session, persons that differ, and for six
 * in ten sessions a merged change some days later. The same seed gives the same one.
 */
export function syntheticOrganisation(input: OrganisationInput): Organisation {
  const { seed, users: count = 40, weeks = 13, peculiarityOf } = input;
  const random = randomNumbers(seed);
  const users = Array.from({ length: count }, (_, at) => `user-${String(at).padStart(5, "0")}`);
  const habits = new Map(users.map((user) => [user, 0.3 * random.normal()]));
  const sessionDays: SessionDay[] = [];
  const outcomes: OutcomeEvent[] = [];
  for (let back = weeks - 1; back >= 0; back--) {
    for (const user of users) {
      const { delivery = 1, ...peculiarity } = peculiarityOf?.(user, back) ?? {};
      const week = { user, from: addDays(END, -7 * (back + 1)), habit: habits.get(user) ?? 0 };
      for (const session of sessionsOfWeek(random, week, peculiarity)) {
        sessionDays.push(session);
        if (random.uniform() < CHANGE_PER_SESSION * delivery) {
          outcomes.push(theChange(random, session));
        }
      }
    }
  }
  return {
    userDays: userDaysOf(sessionDays),
    sessionDays,
    outcomes,
    end: END,
    users,
    teamOf: (user) => `team-${Math.floor(Number(user.slice(-5)) / USERS_PER_TEAM)}`,
  };
}

type Random = ReturnType<typeof randomNumbers>;

type Week = { readonly user: string; readonly from: Day; readonly habit: number };

function sessionsOfWeek(
  random: Random,
  { user, from, habit }: Week,
  { sessions = 1, callsPerSession = 1, costPerCall = 1 }: Peculiarity,
): readonly SessionDay[] {
  const count = Math.max(1, Math.round((6 + random.normal()) * sessions));
  return Array.from({ length: count }, (_, at) => {
    const day = addDays(from, at % 5);
    const calls = Math.max(1, Math.round(60 * callsPerSession * Math.exp(0.4 * random.normal())));
    const usd = calls * 0.15 * costPerCall * Math.exp(habit + 0.35 * random.normal());
    const firstMs = startOfDay(day) + 8 * 3_600_000 + Math.floor(random.uniform() * 3_600_000);
    const name = `${user}-${day}-${at}`;
    return aSessionDay({
      user,
      session: name,
      firstMs,
      calls,
      costNanoUsd: nanoUsdFromNumber(usd),
      branches: [name],
    });
  });
}

function theChange(random: Random, session: SessionDay): OutcomeEvent {
  const delayMs = random.uniform() * LONGEST_DELAY_MS;
  const lines = Math.round(80 * Math.exp(random.normal()));
  return anOutcomeEvent({
    id: `change-of-${session.session}`,
    user: session.user,
    timeMs: session.lastMs + Math.round(delayMs),
    branch: session.branches[0] ?? "",
    commits: [],
    size: { additions: lines, deletions: 0, files: 2, ignoredLines: 0 },
  });
}

function userDaysOf(sessionDays: readonly SessionDay[]): readonly UserDay[] {
  const days = Map.groupBy(sessionDays, ({ user, firstMs }) => `${user} ${dayOf(firstMs)}`);
  return [...days.values()].flatMap((all) => {
    const [first] = all;
    return first === undefined
      ? []
      : aUserDay({
          user: first.user,
          day: first.day,
          lines: [lineOf(all)],
          sessions: all.length,
        });
  });
}

function lineOf(sessions: readonly SessionDay[]): CostLine {
  const calls = sessions.reduce((sum, session) => sum + session.calls, 0);
  return aCostLine({
    calls,
    tokens: {
      ...NO_TOKENS,
      uncachedInput: 2_000 * calls,
      cacheRead: 20_000 * calls,
      output: 900 * calls,
    },
    costNanoUsd: sumNanoUsd(sessions.map(({ costNanoUsd }) => costNanoUsd)),
  });
}

/** Seeded: uniform by mulberry32, normal by the method of Box and Muller. */
export function randomNumbers(seed: number) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}
