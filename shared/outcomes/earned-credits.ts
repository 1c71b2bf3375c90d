import { eachEarnedCredit } from "./session-credits.ts";
import type { SessionFact } from "./session-index.ts";
import type { TaskTimeline } from "./task-timeline.ts";
import { firstDeliveredMs } from "./unit-as-of.ts";

/** What session-days had earned of a task as of a moment. */
export type EarnedCredits = {
  /** When the first outcome that counts was delivered; absent if none counts. */
  readonly firstDeliveredMs: number | undefined;
  /** A session-day comes once for each change that it took part in. */
  readonly facts: readonly SessionFact[];
  /** In their order, in millionths of a unit. */
  readonly creditsMicroUnits: readonly number[];
};

/**
 * Of each task, by its position, what it had earned its sessions as of any moment. A night asks for most
 * tasks at many moments, and of most nothing changes any more: that is worked out once.
 */
export function earnedCredits(
  timelines: readonly TaskTimeline[],
): (at: number, asOfMs: number) => EarnedCredits {
  const settledFromMs = new Float64Array(timelines.length).fill(Number.NaN);
  const settled: (EarnedCredits | undefined)[] = timelines.map(() => undefined);
  return (at, asOfMs) => {
    const timeline = timelines[at];
    if (timeline === undefined) {
      return NOTHING;
    }
    if (Number.isNaN(settledFromMs[at])) {
      settledFromMs[at] = lastChangeMs(timeline);
    }
    if (asOfMs < (settledFromMs[at] ?? 0)) {
      return earnedAt(timeline, asOfMs);
    }
    const known = settled[at] ?? trimmed(earnedAt(timeline, asOfMs));
    settled[at] = known;
    return known;
  };
}

const NOTHING: EarnedCredits = { firstDeliveredMs: undefined, facts: [], creditsMicroUnits: [] };

function earnedAt(timeline: TaskTimeline, asOfMs: number): EarnedCredits {
  const deliveredMs = firstDeliveredMs(timeline, asOfMs);
  if (deliveredMs === undefined) {
    return NOTHING;
  }
  const facts: SessionFact[] = [];
  const creditsMicroUnits: number[] = [];
  eachEarnedCredit(timeline, asOfMs, (fact, credit) => {
    facts.push(fact);
    creditsMicroUnits.push(credit);
  });
  return { firstDeliveredMs: deliveredMs, facts, creditsMicroUnits };
}

/** Without the room that lists have to grow: there are hundreds of thousands of them. */
function trimmed({ facts, creditsMicroUnits, ...earned }: EarnedCredits): EarnedCredits {
  return { ...earned, facts: facts.slice(), creditsMicroUnits: creditsMicroUnits.slice() };
}

/** When the last thing becomes known that what a task earns depends on. */
function lastChangeMs({ judged, standing }: TaskTimeline): number {
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const { node, earning, links } of judged) {
    if (earning.kind === "earns") {
      lastMs = Math.max(lastMs, earning.fromMs);
    }
    for (const { fromMs } of standing.get(node) ?? []) {
      lastMs = Math.max(lastMs, fromMs);
    }
    // Once one of the first links is known, the others count no more.
    for (const { sinceMs } of links[0] ?? []) {
      lastMs = Math.max(lastMs, sinceMs);
    }
  }
  return lastMs;
}
