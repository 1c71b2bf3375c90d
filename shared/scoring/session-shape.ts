import type { SessionDay } from "../ledger/roll-ups.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";

/** What a person's sessions of one window look like. */
export type SessionShape = {
  /** Sub-agents over all days of sessions. */
  readonly agents: number;
  /** Calls of the three longest sessions, as their geometric mean: one long session alone is chance. */
  readonly longestSessionsCalls: number;
};

const LONGEST = 3;

/** The sessions of each person in one window, added day by day in any order. */
export class SessionShapes {
  readonly #people = new Map<UserPseudonym, { agents: number; calls: Map<string, number> }>();

  add(user: UserPseudonym, { session, agents, calls }: SessionDay): void {
    const person = this.#people.get(user) ?? { agents: 0, calls: new Map<string, number>() };
    this.#people.set(user, person);
    person.agents += agents;
    person.calls.set(session, (person.calls.get(session) ?? 0) + calls);
  }

  /** `undefined` of who had no session. */
  of(user: UserPseudonym): SessionShape | undefined {
    const person = this.#people.get(user);
    return person && { agents: person.agents, longestSessionsCalls: longest(person.calls) };
  }
}

function longest(calls: ReadonlyMap<string, number>): number {
  const logs = [...calls.values()]
    .sort((a, b) => b - a)
    .slice(0, LONGEST)
    .map((each) => Math.log(Math.max(1, each)));
  return Math.exp(logs.reduce((a, b) => a + b, 0) / logs.length);
}
