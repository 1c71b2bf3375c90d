import { compareText } from "../compare-text.ts";
import { byPerson } from "../directory/by-person.ts";
import { DAY_MS } from "../ledger/calendar.ts";
import type { SessionDay } from "../ledger/roll-ups.ts";
import { UNATTRIBUTED, type UserPseudonym } from "../usage/usage-event.ts";
import type { OutcomeEvent } from "./outcome-event.ts";
import { commitKey } from "./outcome-index.ts";

/** What attribution needs to know of one day of one session of a person. */
export type SessionFact = Pick<
  SessionDay,
  | "user"
  | "session"
  | "day"
  | "costNanoUsd"
  | "firstMs"
  | "lastMs"
  | "repositories"
  | "branches"
  | "commits"
>;

export type SessionIndex = {
  readonly bySession: (session: string) => readonly SessionFact[];
  readonly byCommitKey: (key: string) => readonly SessionFact[];
  readonly byBranch: (user: UserPseudonym, branch: string) => readonly SessionFact[];
  /** Days of a person's sessions that overlap `[fromMs, toMs]`, in order of time. */
  readonly between: (user: UserPseudonym, fromMs: number, toMs: number) => readonly SessionFact[];
};

/** What senders without sessions send; it names no session. */
const NO_SESSION = "-";

/** Session-days of each person, in order of time. */
export type FactsByPerson = ReadonlyMap<UserPseudonym, readonly SessionFact[]>;

/**
 * Session-days by what the outcomes ask for: there are many more sessions than outcomes, and few of
 * them are ever looked for by a commit, or by name.
 */
export function sessionIndex(
  people: FactsByPerson,
  outcomes: readonly OutcomeEvent[],
): SessionIndex {
  const commits = commitPlaces(people, outcomes);
  // A session that shares a commit is asked for as a whole.
  const sharing = [...commits.values()].flat().map(({ session }) => session);
  const sessions = placesFor([...outcomes.flatMap((outcome) => outcome.sessions), ...sharing]);
  sessions.delete(NO_SESSION);
  for (const facts of people.values()) {
    for (const fact of facts) {
      sessions.get(fact.session)?.push(fact);
    }
  }
  const branches = branchPlaces(people, outcomes);
  return {
    bySession: (session) => sessions.get(session) ?? [],
    byCommitKey: (key) => commits.get(key) ?? [],
    byBranch: (user, branch) => branches.get(user)?.get(branch) ?? [],
    between: (user, fromMs, toMs) => overlapping(people.get(user) ?? [], fromMs, toMs),
  };
}

function commitPlaces(
  people: FactsByPerson,
  outcomes: readonly OutcomeEvent[],
): ReadonlyMap<string, readonly SessionFact[]> {
  const places = placesFor(outcomes.flatMap(({ commits }) => commits.map(commitKey)));
  for (const facts of people.values()) {
    for (const fact of facts) {
      for (const key of keysOf(fact.commits)) {
        places.get(key)?.push(fact);
      }
    }
  }
  return places;
}

/** Most days have no commit. */
function keysOf(commits: readonly string[]): Iterable<string> {
  return commits.length === 0 ? commits : new Set(commits.map(commitKey));
}

function placesFor(keys: readonly string[]): Map<string, SessionFact[]> {
  return new Map(keys.map((key) => [key, []]));
}

/** For each branch that a person delivered from, the person's session-days on it. */
function branchPlaces(
  people: FactsByPerson,
  outcomes: readonly OutcomeEvent[],
): ReadonlyMap<UserPseudonym, ReadonlyMap<string, readonly SessionFact[]>> {
  const attributed = outcomes.filter(({ user }) => user !== UNATTRIBUTED);
  return new Map(
    [...Map.groupBy(attributed, ({ user }) => user)].map(([user, own]) => {
      const places = placesFor(own.flatMap(({ branch }) => branch ?? []));
      for (const fact of people.get(user) ?? []) {
        for (const branch of fact.branches) {
          places.get(branch)?.push(fact);
        }
      }
      return [user, places];
    }),
  );
}

/** Session-days as facts; the pseudonyms of a person become one. */
export function sessionFacts(
  sessionDays: readonly SessionDay[],
  personOf: (user: UserPseudonym) => UserPseudonym,
): FactsByPerson {
  return new Map(
    [...byPerson(sessionDays, { personOf })].map(([user, own]) => [
      user,
      (areFacts(user, own) ? own : oneForEachDay(user, own)).toSorted(inTime),
    ]),
  );
}

/** Most sessions are of one day and one pseudonym: these millions are facts already, and not copied. */
function areFacts(user: UserPseudonym, own: readonly SessionDay[]): boolean {
  const sessions = new Set(own.map(({ session }) => session));
  return sessions.size === own.length && own.every((day) => day.user === user);
}

/** Order of session-days by their beginning, and then by what they are. */
export function inTime(a: SessionFact, b: SessionFact): number {
  return a.firstMs - b.firstMs || compareText(factKey(a), factKey(b));
}

function factKey({ day, user, session }: SessionFact): string {
  return JSON.stringify([day, user, session]);
}

/** One fact for each day of a session, under however many pseudonyms of the person it was told of. */
function oneForEachDay(user: UserPseudonym, own: readonly SessionDay[]): readonly SessionFact[] {
  const facts = new Map<string, SessionFact>();
  for (const fact of own.map((day) => factOf(user, day))) {
    const key = `${fact.day} ${fact.session}`;
    const known = facts.get(key);
    facts.set(key, known === undefined ? fact : merged(known, fact));
  }
  return [...facts.values()];
}

/** Field by field: a value that is packed gives a spread nothing. */
function factOf(user: UserPseudonym, value: SessionDay): SessionFact {
  const { session, day, costNanoUsd, firstMs, lastMs, repositories, branches, commits } = value;
  return { user, session, day, costNanoUsd, firstMs, lastMs, repositories, branches, commits };
}

function merged(a: SessionFact, b: SessionFact): SessionFact {
  return {
    ...a,
    costNanoUsd: a.costNanoUsd + b.costNanoUsd,
    firstMs: Math.min(a.firstMs, b.firstMs),
    lastMs: Math.max(a.lastMs, b.lastMs),
    repositories: [...a.repositories, ...b.repositories],
    branches: [...new Set([...a.branches, ...b.branches])],
    commits: [...a.commits, ...b.commits],
  };
}

function overlapping(
  facts: readonly SessionFact[],
  fromMs: number,
  toMs: number,
): readonly SessionFact[] {
  const found: SessionFact[] = [];
  // A fact spans one day at most, so what began more than a day before cannot overlap.
  for (let at = firstFrom(facts, fromMs - DAY_MS); at < facts.length; at++) {
    const fact = facts[at];
    if (fact === undefined || fact.firstMs > toMs) {
      break;
    }
    if (fact.lastMs >= fromMs) {
      found.push(fact);
    }
  }
  return found;
}

/** Position of the first fact that begins at `fromMs` or later. */
function firstFrom(facts: readonly SessionFact[], fromMs: number): number {
  let low = 0;
  let high = facts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((facts[middle]?.firstMs ?? 0) < fromMs) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
