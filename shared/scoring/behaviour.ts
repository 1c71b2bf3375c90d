import type { UserWindow } from "./user-windows.ts";

/**
 * Ratios per session or per call, and shapes; never totals, which a launch week raises as much as waste
 * does. Each answers a way to spend without delivering that is known from the press or from trackers.
 */
export const BEHAVIOUR_SIGNALS = [
  "calls-per-session",
  "longest-sessions",
  "agents-per-session",
  "input-per-output",
  "cost-per-call",
  "small-tasks",
  "repeated-calls",
] as const;
export type BehaviourSignal = (typeof BEHAVIOUR_SIGNALS)[number];

/** How a ratio is measured, and how it looks on the scale on which deviations are compared. */
export type Behaviour = {
  readonly signal: BehaviourSignal;
  /** In plain units, as an explanation shows it; absent if it cannot be known. */
  readonly measure: (unit: UserWindow) => number | undefined;
  readonly toScale: (value: number) => number;
  readonly fromScale: (scaled: number) => number;
  /** On that scale, what is never a standard deviation, however alike all weeks are. */
  readonly smallestScale: number;
  /** A matter of habit, such as which model: compared with the own past alone, where there is one. */
  readonly isHabit?: true;
};

const LEAST_REPEATED = 0.005;
/** Makes the step from none to one sub-agent a session as large as that from one to four. */
const AGENTS_OFFSET = 0.5;

/** Repeats are known only if nearly all calls carry a fingerprint. */
const FINGERPRINTED_SHARE = 0.8;

/** A tenth more or less is nothing. */
const LOGARITHMIC = { toScale: Math.log, fromScale: Math.exp, smallestScale: 0.1 } as const;

const BEHAVIOURS: readonly Behaviour[] = [
  {
    signal: "calls-per-session",
    measure: ({ calls, sessions }) => calls / sessions,
    ...LOGARITHMIC,
  },
  {
    signal: "longest-sessions",
    measure: ({ longestSessionsCalls }) => longestSessionsCalls,
    ...LOGARITHMIC,
  },
  {
    signal: "agents-per-session",
    measure: ({ agents, sessions }) => agents / sessions,
    toScale: (agents) => Math.log(agents + AGENTS_OFFSET),
    fromScale: (scaled) => Math.max(0, Math.exp(scaled) - AGENTS_OFFSET),
    smallestScale: 0.3,
  },
  {
    signal: "input-per-output",
    measure: ({ inputTokens, outputTokens }) =>
      inputTokens > 0 && outputTokens > 0 ? inputTokens / outputTokens : undefined,
    ...LOGARITHMIC,
  },
  {
    signal: "cost-per-call",
    measure: ({ costUsd, calls, unpricedCalls }) => costUsd / Math.max(1, calls - unpricedCalls),
    ...LOGARITHMIC,
    isHabit: true,
  },
  {
    signal: "small-tasks",
    measure: ({ smallTasks }) => smallTasks,
    // A count, near enough: its root has the same scatter at any height.
    toScale: Math.sqrt,
    fromScale: (scaled) => Math.max(0, scaled) ** 2,
    smallestScale: 0.5,
  },
  {
    signal: "repeated-calls",
    measure: repeatedShare,
    toScale: (share) => Math.log(share / (1 - share)),
    fromScale: (logit) => 1 / (1 + Math.exp(-logit)),
    smallestScale: 0.1,
  },
];

/** The ratios that these units can be judged by: repeats only where most units show them. */
export function knownBehaviours(units: readonly UserWindow[]): readonly Behaviour[] {
  const showing = units.filter((unit) => repeatedShare(unit) !== undefined).length;
  const showsRepeats = units.length > 0 && showing >= FINGERPRINTED_SHARE * units.length;
  return BEHAVIOURS.filter(({ signal }) => signal !== "repeated-calls" || showsRepeats);
}

function repeatedShare(unit: UserWindow): number | undefined {
  const { calls, fingerprintedCalls, distinctFingerprints } = unit;
  if (fingerprintedCalls < FINGERPRINTED_SHARE * calls || fingerprintedCalls === 0) {
    return undefined;
  }
  const share = 1 - distinctFingerprints / fingerprintedCalls;
  return Math.min(1 - LEAST_REPEATED, Math.max(LEAST_REPEATED, share));
}
