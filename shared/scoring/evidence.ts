import type { BehaviourSignal } from "./behaviour.ts";
import { normalTail } from "./normal-tail.ts";

/** Two looks at the dollars, by what was delivered and by the own past; and behaviour. */
export type Signal = "cost-given-delivery" | "own-usual" | BehaviourSignal;

const SMALLEST_TAIL = 1e-12;
/** With more, many signals that say next to nothing would drown one that says a lot. */
const STRONGEST = 3;

/** Minus the logarithm of the probability of so high a z, bounded so that no signal decides alone. */
export function signalEvidence(z: number): number {
  return -Math.log(Math.max(SMALLEST_TAIL, normalTail(z)));
}

/**
 * What each signal adds to the evidence, in the order of the signals: the three strongest count, the
 * others not at all (rank truncated product; Dudbridge and Koeleman 2003).
 */
export function countedEvidence(zs: readonly number[]): readonly number[] {
  const counted = [...zs.entries()].sort(([, a], [, b]) => b - a).slice(0, STRONGEST);
  const evidence = zs.map(() => 0);
  for (const [at, z] of counted) {
    evidence[at] = signalEvidence(z);
  }
  return evidence;
}

/** {@link countedEvidence} of all signals together, for hundreds of thousands of weeks: a score, not a p-value. */
export function evidenceTally(): {
  readonly add: (z: number) => void;
  readonly take: () => number;
} {
  const strongest = new Float64Array(STRONGEST).fill(Number.NEGATIVE_INFINITY);
  return {
    add: (z) => {
      let at = STRONGEST;
      for (; at > 0 && (strongest[at - 1] ?? 0) < z; at--) {
        if (at < STRONGEST) {
          strongest[at] = strongest[at - 1] ?? 0;
        }
      }
      if (at < STRONGEST) {
        strongest[at] = z;
      }
    },
    take: () => {
      const total = strongest.reduce((sum, z) => sum + signalEvidence(z), 0);
      strongest.fill(Number.NEGATIVE_INFINITY);
      return total;
    },
  };
}
