import { addDays, DAY_MS, startOfDay } from "../../shared/ledger/calendar.ts";
import type { Day } from "../../shared/ledger/roll-ups.ts";
import { type Random, randomStream } from "../demo/random.ts";

/** What to make: the defaults are the example that the documentation shows. */
export type ExampleSize = {
  readonly people: number;
  readonly weeks: number;
  readonly callsPerSession: number;
};

export type ExampleFolder = {
  readonly usage: readonly object[];
  readonly outcomes: readonly object[];
  readonly directory: string;
  readonly people: number;
};

/** A Monday. */
const FIRST_DAY: Day = "2026-08-10";
const HOUR_MS = 3_600_000;
const SESSIONS_PER_DAY = [1, 1, 1, 2, 2] as const;
const DELIVERED_SHARE = 0.65;
const TEAMS = ["team-checkout", "team-search"] as const;
/** Of one person, counted from 0, in the week before the last: keeps an agent busy at night, and delivers as usual. */
const WASTE = { person: 7, weeksBeforeEnd: 2, sessionsPerNight: 2, costFactor: 2.5 };

/**
 * Twenty invented people of two teams over twelve weeks. All but one work as most do: one or two sessions
 * a day that cost some five dollars each, two in three of which end in a merged and deployed change. In
 * the last week but one, user-008 also keeps an agent busy every night, for nothing.
 */
export function exampleFolder(
  { people, weeks, callsPerSession }: ExampleSize = { people: 20, weeks: 12, callsPerSession: 14 },
): ExampleFolder {
  const usage: object[] = [];
  const outcomes: object[] = [];
  for (let person = 0; person < people; person += 1) {
    const random = randomStream(1, `person ${person}`);
    const habit = random.logNormal(1, 0.2);
    for (let at = 0; at < weeks * 7; at += 1) {
      const place = {
        person,
        day: addDays(FIRST_DAY, at),
        weeksBeforeEnd: weeks - Math.floor(at / 7),
        weekday: at % 7,
      };
      for (const session of sessionsOf(random, place, habit)) {
        usage.push(...callsOf(random, session, callsPerSession));
        outcomes.push(...deliveryOf(random, session));
      }
    }
  }
  return { usage, outcomes, directory: directoryOf(people), people };
}

type Place = {
  readonly person: number;
  readonly day: Day;
  readonly weeksBeforeEnd: number;
  readonly weekday: number;
};

type Session = {
  readonly person: number;
  readonly id: string;
  readonly startMs: number;
  readonly costFactor: number;
  readonly delivers: boolean;
};

function sessionsOf(random: Random, place: Place, habit: number): readonly Session[] {
  const { person, day, weeksBeforeEnd, weekday } = place;
  const session = (hour: number, costFactor: number, delivers: boolean): Session => ({
    person,
    id: random.uuid(),
    startMs: startOfDay(day) + Math.round((hour + random.unit()) * HOUR_MS),
    costFactor: costFactor * habit * random.logNormal(1, 0.35),
    delivers,
  });
  const ordinary =
    weekday >= 5
      ? []
      : Array.from({ length: random.pick(SESSIONS_PER_DAY) }, (_, at) =>
          session(9 + 4 * at, 1, random.chance(DELIVERED_SHARE)),
        );
  const isWaste = person === WASTE.person && weeksBeforeEnd === WASTE.weeksBeforeEnd;
  const nightly = isWaste
    ? Array.from({ length: WASTE.sessionsPerNight }, (_, at) =>
        session(20 + at, WASTE.costFactor, false),
      )
    : [];
  return [...ordinary, ...nightly];
}

function callsOf(random: Random, session: Session, calls: number): readonly object[] {
  return Array.from({ length: calls }, (_, at) => ({
    id: `req_${random.token(24)}`,
    time: new Date(session.startMs + at * 90_000 + random.whole(0, 60_000)).toISOString(),
    user: accountOf(session.person),
    session: session.id,
    tool: "claude-code",
    provider: "anthropic",
    model: "claude-opus-4-5",
    tokens: {
      input: random.whole(1_000, 4_000),
      cacheRead: Math.round(session.costFactor * random.whole(60_000, 140_000)),
      cacheWrite5m: Math.round(session.costFactor * random.whole(10_000, 40_000)),
      output: Math.round(session.costFactor * random.whole(2_000, 8_000)),
    },
    branch: branchOf(session),
    repository: "acme/web",
    fingerprint: random.hex(16),
  }));
}

function deliveryOf(random: Random, session: Session): readonly object[] {
  if (!session.delivers) {
    return [];
  }
  const id = `github:acme/web#${branchOf(session)}`;
  const mergedMs = session.startMs + Math.round(random.between(0.2, 2) * DAY_MS);
  const lines = Math.round(random.logNormal(80, 0.8)) + 5;
  const common = { user: accountOf(session.person), repository: "acme/web" };
  const sha = random.hex(40);
  return [
    {
      id,
      time: new Date(mergedMs).toISOString(),
      kind: "change_merged",
      ...common,
      branch: branchOf(session),
      commits: [sha],
      size: { additions: lines, deletions: Math.round(lines / 4), files: 3 },
      sessions: [session.id],
    },
    {
      id: `deployment:${sha}`,
      time: new Date(mergedMs + 2 * HOUR_MS).toISOString(),
      kind: "deployment",
      ...common,
      commits: [sha],
      environment: "production",
      change: id,
    },
  ];
}

function directoryOf(people: number): string {
  const rows = Array.from({ length: people }, (_, person) =>
    [accountOf(person), TEAMS[person % 2], "", "", "feature-work", FIRST_DAY].join(","),
  );
  return ["user,team,cost_center,owner,use_case,effective_from", ...rows, ""].join("\n");
}

function accountOf(person: number): string {
  return `user-${String(person + 1).padStart(3, "0")}@example.com`;
}

function branchOf({ id }: Session): string {
  return `feat/${id.slice(0, 8)}`;
}
