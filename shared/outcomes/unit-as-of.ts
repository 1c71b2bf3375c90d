import { DAY_MS } from "../ledger/calendar.ts";
import {
  type CountedOutcome,
  type DeliveryState,
  type DeliveryUnit,
  isUndone,
  type NotCountedOutcome,
  type NotCountedReason,
} from "./delivery-unit.ts";
import type { OutcomeNode } from "./outcome-graph.ts";
import { sessionCreditsAt } from "./session-credits.ts";
import { type Standing, standingAt } from "./standing.ts";
import { taskName } from "./task-groups.ts";
import {
  creditOf,
  creditOfLines,
  type EarningOutcome,
  type JudgedOutcome,
  mostUnitsOf,
  standingOutcomes,
  type TaskTimeline,
} from "./task-timeline.ts";

type Counted = CountedOutcome & { readonly node: OutcomeNode; readonly fromMs: number };

/** A task as it was known at a moment: one unit, or none if it had no outcome yet. */
export function unitAsOf(
  timeline: TaskTimeline,
  asOfMs: number,
  survivalDays: number,
): readonly DeliveryUnit[] {
  const { standing } = timeline;
  const judged = timeline.judged.filter(({ node }) => node.outcome.timeMs <= asOfMs);
  const [first] = judged;
  if (first === undefined) {
    return [];
  }
  const earning = standingOutcomes(timeline, asOfMs);
  const counted = countedOutcomes(earning, timeline);
  const countedNodes = new Set(counted.map(({ node }) => node));
  const notCounted = judged
    .filter(({ node }) => !countedNodes.has(node))
    .map((outcome) => notCountedOutcome(outcome, standing, asOfMs));
  const times = counted.map(({ fromMs }) => fromMs);
  return [
    {
      id: first.node.outcome.id,
      task: taskName(timeline.first),
      state: stateOf(times, notCounted, asOfMs - survivalDays * DAY_MS),
      creditMicroUnits: creditOf(earning, timeline),
      users: [...new Set(judged.map(({ node }) => node.outcome.user))],
      ...(times.length > 0 && {
        firstDeliveredMs: Math.min(...times),
        lastDeliveredMs: Math.max(...times),
      }),
      counted: counted.map(({ id, creditMicroUnits }) => ({ id, creditMicroUnits })),
      notCounted,
      sessions: sessionCreditsAt(timeline, asOfMs),
    },
  ];
}

/** When the first was delivered of the outcomes that stand at a time and count. */
export function firstDeliveredMs(
  standing: readonly EarningOutcome[],
  timeline: TaskTimeline,
): number | undefined {
  const times = countedOutcomes(standing, timeline).map(({ fromMs }) => fromMs);
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** In order of delivery: each outcome adds what is left to the full task, so the parts add up. */
function countedOutcomes(
  standing: readonly EarningOutcome[],
  { unitLines }: TaskTimeline,
): readonly Counted[] {
  const counted: Counted[] = [];
  let lines = 0;
  let most = 1;
  for (const outcome of standing) {
    const { node, earning } = outcome;
    const before = creditOfLines(lines, unitLines, most);
    lines += earning.weightedLines;
    most = Math.max(most, mostUnitsOf([outcome]));
    const creditMicroUnits = creditOfLines(lines, unitLines, most) - before;
    if (creditMicroUnits > 0) {
      counted.push({ node, fromMs: earning.fromMs, id: node.outcome.id, creditMicroUnits });
    }
  }
  return counted;
}

function notCountedOutcome(
  { node, earning }: JudgedOutcome,
  standing: Standing,
  asOfMs: number,
): NotCountedOutcome {
  const { id, user, timeMs } = node.outcome;
  const of = (reason: NotCountedReason) => ({ id, user, timeMs, reason });
  if (earning.kind === "nothing") {
    return of(earning.reason);
  }
  const state = standingAt(standing, node, asOfMs);
  if (state !== "stands") {
    return of(state);
  }
  return of(earning.fromMs > asOfMs ? "not-deployed-yet" : "task-full");
}

function stateOf(
  deliveredMs: readonly number[],
  notCounted: readonly NotCountedOutcome[],
  survivedBeforeMs: number,
): DeliveryState {
  if (deliveredMs.length > 0) {
    return deliveredMs.every((timeMs) => timeMs <= survivedBeforeMs) ? "survived" : "provisional";
  }
  return notCounted.some(({ reason }) => isUndone(reason)) ? "reverted" : "nothing-counted";
}
