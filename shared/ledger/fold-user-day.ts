import { type NanoUsd, sumNanoUsd } from "../money/nano-usd.ts";
import type { PriceBook } from "../pricing/price-book.ts";
import type { UsageEvent, UserPseudonym } from "../usage/usage-event.ts";
import { costLines, fewLines, mergeLines } from "./cost-lines.ts";
import { type CountedEntries, countedEntries } from "./counted-entries.ts";
import type { GrainAuthority } from "./grain-authority.ts";
import type { CostLine, Day, RollUpVersion, SessionDay, UserDay } from "./roll-ups.ts";

/** A user's day, in all and by session. */
export type FoldedDay = { readonly userDay: UserDay; readonly sessionDays: readonly SessionDay[] };

/** What a fold goes by. The same entries and rules make the same roll-ups. */
export type FoldRules = { readonly priceBook: PriceBook; readonly authority: GrainAuthority };

/**
 * Recomputes the roll-ups of a user's day from every ledger entry of that day, and of the days beside it
 * that `neighboursOf` names: what of them counts is said by {@link countedEntries}, what it cost by the
 * price book. The order does not matter.
 */
export function foldUserDay(
  user: UserPseudonym,
  day: Day,
  entries: readonly UsageEvent[],
  rules: FoldRules,
): FoldedDay {
  return foldCounted([user], user, day, countedEntries(day, entries, rules.authority), rules);
}

/**
 * Recomputes the roll-ups of a person's day for each name, as {@link foldUserDay} does for one: a call that
 * several names state is on the name of the entry that stands, and on no other.
 *
 * @param names All of the person's. The answer is in their order.
 */
export function foldPersonDay(
  names: readonly UserPseudonym[],
  day: Day,
  entries: readonly UsageEvent[],
  rules: FoldRules,
): readonly FoldedDay[] {
  const { counted, otherGrain, seen } = countedEntries(day, entries, rules.authority);
  return names.map((name) => {
    const isOwn = ({ user }: UsageEvent) => user === name;
    const own = { counted: counted.filter(isOwn), otherGrain: otherGrain.filter(isOwn), seen };
    return foldCounted(names, name, day, own, rules);
  });
}

/** Says which names a value was folded over; nothing of one. */
export function namesVersion(names: readonly UserPseudonym[]): Pick<RollUpVersion, "names"> {
  return names.length > 1 ? { names: names.join(" ") } : {};
}

function foldCounted(
  names: readonly UserPseudonym[],
  user: UserPseudonym,
  day: Day,
  { counted, otherGrain, seen }: CountedEntries,
  rules: FoldRules,
): FoldedDay {
  const { priceBook } = rules;
  const version = { entries: seen, priceBook: foldVersion(rules), ...namesVersion(names) };
  const bySession = Map.groupBy(counted, (event) => event.session);
  const sessions = [...bySession.keys()]
    .sort()
    .map((session) => foldSession(session, bySession.get(session) ?? [], priceBook));
  const spending = sessions.filter((session) => session.lines.length > 0);
  const lines = fewLines(mergeLines(sessions.flatMap((session) => session.lines)));
  return {
    userDay: {
      user,
      day,
      ...sums(lines),
      sessions: spending.length,
      ...fingerprints(sessions.flatMap((session) => session.fingerprints)),
      lines,
      ...(otherGrain.length > 0 && { otherGrain: fewLines(costLines(otherGrain, priceBook)) }),
      version,
    },
    sessionDays: sessions.map((session) => sessionDay(user, day, session, version)),
  };
}

/** Names the rules: two folds of the same entries by the same version are the same. */
export function foldVersion({ priceBook, authority }: FoldRules): string {
  return authority.version === "" ? priceBook.version : `${priceBook.version};${authority.version}`;
}

type FoldedSession = {
  readonly session: string;
  readonly events: readonly UsageEvent[];
  readonly lines: readonly CostLine[];
  readonly fingerprints: readonly string[];
};

function foldSession(
  session: string,
  events: readonly UsageEvent[],
  priceBook: PriceBook,
): FoldedSession {
  return {
    session,
    events,
    lines: costLines(events, priceBook),
    fingerprints: events.flatMap((event) =>
      event.grain === "link" ? [] : (event.fingerprint ?? []),
    ),
  };
}

/** As with lines: what one session can work on in a day, with room to spare. */
const MOST_LABELS = 100;
const MOST_COMMITS = 1_000;

function sessionDay(
  user: UserPseudonym,
  day: Day,
  { session, events, lines, fingerprints: seen }: FoldedSession,
  version: RollUpVersion,
): SessionDay {
  const spending = events.filter((event) => event.grain !== "link");
  const times = (spending.length > 0 ? spending : events).map((event) => event.timeMs);
  return {
    user,
    day,
    session,
    tools: distinct(lines.map((line) => line.tool)).slice(0, MOST_LABELS),
    ...sums(lines),
    firstMs: times[0] ?? 0,
    lastMs: times.at(-1) ?? 0,
    agents: distinct(events.map((event) => event.agent)).length,
    ...fingerprints(seen),
    useCases: distinct(events.map((event) => event.useCase)).slice(0, MOST_LABELS),
    repositories: distinct(events.map((event) => event.repository)).slice(0, MOST_LABELS),
    branches: distinct(events.map((event) => event.branch)).slice(0, MOST_LABELS),
    commits: distinct(events.map((event) => event.commit)).slice(0, MOST_COMMITS),
    version,
  };
}

function sums(lines: readonly CostLine[]): {
  readonly calls: number;
  readonly costNanoUsd: NanoUsd;
  readonly unpricedCalls: number;
} {
  return {
    calls: lines.reduce((sum, line) => sum + line.calls, 0),
    costNanoUsd: sumNanoUsd(lines.map((line) => line.costNanoUsd)),
    unpricedCalls: lines.reduce((sum, line) => sum + line.unpricedCalls, 0),
  };
}

function fingerprints(seen: readonly string[]): {
  readonly fingerprintedCalls: number;
  readonly distinctFingerprints: number;
} {
  return { fingerprintedCalls: seen.length, distinctFingerprints: new Set(seen).size };
}

function distinct(values: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== undefined))].sort();
}
