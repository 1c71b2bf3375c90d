import { dayOf, WEEK_MS, weekStartMs } from "./calendar.ts";
import type { Person } from "./people.ts";
import { NEW_JOINER } from "./people.ts";

/** How a stretch of time differs from a person's usual. */
export type Season = {
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  /** Multiplies the sessions of a day; 0 is absence. */
  readonly sessions: number;
  /** Multiplies what a session costs. */
  readonly cost: number;
  /** Added to the log odds of success. */
  readonly logOdds: number;
};

export type GroundTruthKind =
  | "idle-loop"
  | "needless-agents"
  | "dear-model"
  | "runaway"
  | "launch-week"
  | "hard-task"
  | "new-joiner"
  | "back-from-vacation";

/** What really happened, which no detector is told. Days are `[from, to)`. */
export type GroundTruth = {
  /** A login, or a team's id where all of a team did it. */
  readonly user: string;
  readonly kind: GroundTruthKind;
  /** True: waste that the budget owner should hear of. False: unusual, and rightly left alone. */
  readonly waste: boolean;
  readonly from: string;
  readonly to: string;
  readonly note: string;
  /** The session, where only one is meant. */
  readonly session?: string;
};

type Decoy = Season & {
  readonly who: string;
  readonly kind: GroundTruthKind;
  readonly note: string;
};

const USUAL = { sessions: 1, cost: 1, logOdds: 0 };
const RETURNING = "user-024";
const LAUNCHING = "team-search";

function week(first: number, weeks = 1): { fromMs: number; toMs: number } {
  return { fromMs: weekStartMs(first), toMs: weekStartMs(first) + weeks * WEEK_MS };
}

/** Unusual, and honest: a launch, a return, a first month. */
const DECOYS: readonly Decoy[] = [
  {
    ...week(10),
    who: LAUNCHING,
    kind: "launch-week",
    sessions: 2.1,
    cost: 1.25,
    logOdds: 0.4,
    note: "the team launched: it spent more than twice its usual, and delivered as much more",
  },
  {
    ...week(10),
    who: RETURNING,
    kind: "back-from-vacation",
    sessions: 2,
    cost: 1.3,
    logOdds: 0.3,
    note: "back after two weeks without any spend, catching up",
  },
  {
    ...week(9, 4),
    who: NEW_JOINER,
    kind: "new-joiner",
    sessions: 1.2,
    cost: 1.4,
    logOdds: -0.2,
    note: "a first month: no history of their own, slower and dearer than the team",
  },
];

const ABSENCES: readonly (Season & { readonly who: string })[] = [
  { ...week(8, 2), ...USUAL, who: RETURNING, sessions: 0 },
];

/** Everything that is not usual for this person, the injected cases apart. */
export function seasonsOf(person: Person): readonly Season[] {
  return [...DECOYS, ...ABSENCES].filter(
    (season) => season.who === person.login || season.who === person.team.id,
  );
}

/** The product of all seasons that hold at this time. */
export function seasonAt(
  seasons: readonly Season[],
  timeMs: number,
): Omit<Season, "fromMs" | "toMs"> {
  return seasons
    .filter((season) => season.fromMs <= timeMs && timeMs < season.toMs)
    .reduce(
      (all, season) => ({
        sessions: all.sessions * season.sessions,
        cost: all.cost * season.cost,
        logOdds: all.logOdds + season.logOdds,
      }),
      USUAL,
    );
}

export function decoyTruths(): readonly GroundTruth[] {
  return DECOYS.map((decoy) => ({
    user: decoy.who,
    kind: decoy.kind,
    waste: false,
    from: dayOf(decoy.fromMs),
    to: dayOf(decoy.toMs),
    note: decoy.note,
  }));
}
