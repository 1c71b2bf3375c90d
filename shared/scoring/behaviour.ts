import type { UserWindow } from "./user-windows.ts";

/** Ratios per session or per call; never totals, which a launch week raises as much as waste does. */
export const BEHAVIOUR_SIGNALS = ["calls-per-session", "cost-per-call", "repeated-calls"] as const;
export type BehaviourSignal = (typeof BEHAVIOUR_SIGNALS)[number];

/** How a ratio is measured, and how it looks on the scale on which deviations are compared. */
export type Behaviour = {
  readonly signal: BehaviourSignal;
  /** In plain units, as an explanation shows it; absent if it cannot be known. */
  readonly measure: (unit: UserWindow) => number | undefined;
  readonly toScale: (value: number) => number;
  readonly fromScale: (scaled: number) => number;
};

const LEAST_REPEATED = 0.005;

/** Repeats are known only if nearly all calls carry a fingerprint. */
const FINGERPRINTED_SHARE = 0.8;

const BEHAVIOURS: readonly Behaviour[] = [
  {
    signal: "calls-per-session",
    measure: ({ calls, sessions }) => calls / sessions,
    toScale: Math.log,
    fromScale: Math.exp,
  },
  {
    signal: "cost-per-call",
    measure: ({ costUsd, calls, unpricedCalls }) => costUsd / Math.max(1, calls - unpricedCalls),
    toScale: Math.log,
    fromScale: Math.exp,
  },
  {
    signal: "repeated-calls",
    measure: repeatedShare,
    toScale: (share) => Math.log(share / (1 - share)),
    fromScale: (logit) => 1 / (1 + Math.exp(-logit)),
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
