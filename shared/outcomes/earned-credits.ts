import { eachEarnedCredit } from "./session-credits.ts";
import type { SessionFact } from "./session-index.ts";
import { standingOutcomes, type TaskTimeline } from "./task-timeline.ts";
import { firstDeliveredMs } from "./unit-as-of.ts";

/**
 * Told what one day of a session earned of a task, in millionths of a unit, and when the task's first outcome
 * was delivered that counts. A day is told of once for each change that it took part in.
 */
export type EarnCredit = (
  fact: SessionFact,
  creditMicroUnits: number,
  firstDeliveredMs: number,
) => void;

/** Tells of a task, by its position, what it had earned its sessions as of a moment. */
export type EarnedCredits = (at: number, asOfMs: number, earn: EarnCredit) => void;

/**
 * A night asks for most tasks at many moments, and of most nothing changes any more: that is worked out
 * once.
 */
export function earnedCredits(timelines: readonly TaskTimeline[]): EarnedCredits {
  const settledFromMs = new Float64Array(timelines.length).fill(Number.NaN);
  const settled = new SettledCredits(timelines.length);
  return (at, asOfMs, earn) => {
    const timeline = timelines[at];
    if (timeline === undefined) {
      return;
    }
    if (Number.isNaN(settledFromMs[at])) {
      settledFromMs[at] = lastChangeMs(timeline);
    }
    if (asOfMs < (settledFromMs[at] ?? 0)) {
      eachEarned(timeline, asOfMs, earn);
      return;
    }
    if (!settled.has(at)) {
      settled.keep(at, (keep) => eachEarned(timeline, asOfMs, keep));
    }
    settled.each(at, earn);
  };
}

function eachEarned(timeline: TaskTimeline, asOfMs: number, earn: EarnCredit): void {
  const standing = standingOutcomes(timeline, asOfMs);
  const deliveredMs = firstDeliveredMs(standing, timeline);
  if (deliveredMs !== undefined) {
    eachEarnedCredit(standing, timeline, asOfMs, (fact, credit) => earn(fact, credit, deliveredMs));
  }
}

/** What tasks earned in the end, one after the other: there are hundreds of thousands of them. */
class SettledCredits {
  readonly #facts: SessionFact[] = [];
  readonly #microUnits: number[] = [];
  readonly #isKept: Uint8Array;
  readonly #from: Uint32Array;
  readonly #to: Uint32Array;
  readonly #deliveredMs: Float64Array;

  constructor(tasks: number) {
    this.#isKept = new Uint8Array(tasks);
    this.#from = new Uint32Array(tasks);
    this.#to = new Uint32Array(tasks);
    this.#deliveredMs = new Float64Array(tasks);
  }

  has(at: number): boolean {
    return this.#isKept[at] === 1;
  }

  keep(at: number, tell: (earn: EarnCredit) => void): void {
    this.#isKept[at] = 1;
    this.#from[at] = this.#facts.length;
    tell((fact, creditMicroUnits, deliveredMs) => {
      this.#facts.push(fact);
      this.#microUnits.push(creditMicroUnits);
      this.#deliveredMs[at] = deliveredMs;
    });
    this.#to[at] = this.#facts.length;
  }

  each(at: number, earn: EarnCredit): void {
    const deliveredMs = this.#deliveredMs[at] ?? 0;
    const to = this.#to[at] ?? 0;
    for (let index = this.#from[at] ?? 0; index < to; index++) {
      const fact = this.#facts[index];
      if (fact !== undefined) {
        earn(fact, this.#microUnits[index] ?? 0, deliveredMs);
      }
    }
  }
}

/** When the last thing becomes known that what a task earns depends on. */
function lastChangeMs({ judged, standing, links }: TaskTimeline): number {
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const { node, earning, linksAt } of judged) {
    if (earning.kind === "earns") {
      lastMs = Math.max(lastMs, earning.fromMs);
    }
    for (const { fromMs } of standing.get(node) ?? []) {
      lastMs = Math.max(lastMs, fromMs);
    }
    // Once one of the first links is known, the others count no more.
    lastMs = Math.max(lastMs, links.lastOfFirstTierMs(linksAt));
  }
  return lastMs;
}
