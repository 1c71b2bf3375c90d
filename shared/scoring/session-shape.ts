import type { SessionDay } from "../ledger/roll-ups.ts";
import { sortFirst } from "../order-statistics.ts";

/** What a person's sessions of one window look like. */
export type SessionShape = {
  /** Sub-agents over all days of sessions. */
  readonly agents: number;
  /**
   * Calls of the three longest sessions, as their geometric mean: one long session alone is chance. Absent
   * without any session.
   */
  readonly longestSessionsCalls?: number;
};

const LONGEST = 3;

/** @param days Of one person in one window, in any order. */
export function sessionShape(days: readonly SessionDay[]): SessionShape {
  const calls = new Map<string, number>();
  for (const day of days) {
    calls.set(day.session, (calls.get(day.session) ?? 0) + day.calls);
  }
  return {
    agents: days.reduce((sum, day) => sum + day.agents, 0),
    ...(calls.size > 0 && { longestSessionsCalls: longest(Float64Array.from(calls.values())) }),
  };
}

function longest(calls: Float64Array): number {
  sortFirst(calls, calls.length);
  const logs = calls
    .slice(-LONGEST)
    .reverse()
    .map((each) => Math.log(Math.max(1, each)));
  return Math.exp(logs.reduce((a, b) => a + b, 0) / logs.length);
}
