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
 * others not at all (rank truncated product; Dudbridge and Koeleman 2003). The sum is a score, not a p-value.
 *
 * @param isDearer Whether the week cost more than is usual: in one that did not, behaviour is nobody's
 *   business, and only the dollars count.
 */
export function countedEvidence(
  signals: readonly { readonly signal: Signal; readonly z: number }[],
  isDearer: boolean,
): readonly number[] {
  const counted = signals
    .map(({ signal, z }, at) => ({ signal, z, at }))
    .filter(({ signal }) => isDearer || isSpend(signal))
    .sort((a, b) => b.z - a.z)
    .slice(0, STRONGEST);
  const evidence = signals.map(() => 0);
  for (const { at, z } of counted) {
    evidence[at] = signalEvidence(z);
  }
  return evidence;
}

function isSpend(signal: Signal): boolean {
  return signal === "cost-given-delivery" || signal === "own-usual";
}
