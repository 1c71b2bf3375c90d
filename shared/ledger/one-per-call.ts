import { compareText } from "../compare-text.ts";
import type { UsageEvent } from "../usage/usage-event.ts";
import { billedCounts } from "./same-call.ts";

/** Two sources write down the end of the same call this far apart at most. */
const SAME_MOMENT_MS = 30_000;

/**
 * Entries of a person, under one name or several, each call once, in order of time. In turn:
 *
 * 1. Entries of one identity are one call, as several sources saw it. The earliest stands; what others
 *    add to it (an estimate, a tier, how long the cache was written for) is added.
 * 2. Calls of one response of the provider are one call: a replay under another request id loses to the
 *    session's own call, else to the one with more tokens.
 * 3. Some sources name the response, others of the same tool no id at all. Of a session, two such calls
 *    with the same counts, model and moment are one, pair by pair.
 *
 * A call is of the name of the entry that stands. The order of entries does not matter.
 */
export function onePerCall(entries: readonly UsageEvent[]): readonly UsageEvent[] {
  const calls = withoutReplays(oneOfEachIdentity(entries));
  const twins = pairedTwins(calls);
  const unnamed = new Set(twins.values());
  return calls
    .filter((call) => !unnamed.has(call))
    .map((call) => {
      const twin = twins.get(call);
      return twin === undefined ? call : withWhatAdds(call, twin);
    });
}

/** Of the calls among entries that are one by the third rule: the one with a name, and the other. */
export function twinsAmong(entries: readonly UsageEvent[]): ReadonlyMap<UsageEvent, UsageEvent> {
  return pairedTwins(withoutReplays(oneOfEachIdentity(entries)));
}

function oneOfEachIdentity(entries: readonly UsageEvent[]): readonly UsageEvent[] {
  const byIdentity = Map.groupBy(entries.toSorted(byTime), identityOf);
  return [...byIdentity.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [others.reduce(withWhatAdds, first)],
  );
}

/**
 * What an entry goes by among all names of a person. The name of a window is its sender's own: counters of
 * two machines can be alike, and are two.
 */
export function identityOf({ grain, user, id }: Pick<UsageEvent, "grain" | "user" | "id">): string {
  return grain === "window" ? `${user} ${id}` : id;
}

/** Order of time; of one moment, any that is the same each time. */
export function byTime(a: UsageEvent, b: UsageEvent): number {
  return (
    a.timeMs - b.timeMs ||
    compareText(a.session, b.session) ||
    compareText(a.id, b.id) ||
    compareText(a.user, b.user)
  );
}

function withWhatAdds(call: UsageEvent, other: UsageEvent): UsageEvent {
  if (other.grain !== "request" || billedCounts(call) !== billedCounts(other)) {
    return call;
  }
  const { response, tier, reportedCostNanoUsd, reportedForeign } = { ...other, ...call };
  const knowsLifetime = other.tokens.cacheWrite1h > call.tokens.cacheWrite1h;
  return {
    ...call,
    tokens: knowsLifetime ? other.tokens : call.tokens,
    ...(response !== undefined && { response }),
    ...(tier !== undefined && { tier }),
    ...(reportedCostNanoUsd !== undefined && { reportedCostNanoUsd }),
    ...(reportedForeign !== undefined && { reportedForeign }),
  };
}

function withoutReplays(calls: readonly UsageEvent[]): readonly UsageEvent[] {
  const own = new Map<string, UsageEvent>();
  for (const call of calls) {
    if (call.response !== undefined) {
      const key = `${call.response} ${call.model}`;
      const known = own.get(key);
      own.set(key, known !== undefined && !isMoreItsOwn(call, known) ? known : call);
    }
  }
  return calls.filter(
    (call) => call.response === undefined || own.get(`${call.response} ${call.model}`) === call,
  );
}

function isMoreItsOwn(call: UsageEvent, than: UsageEvent): boolean {
  const isAgents = call.agent !== undefined;
  const wasAgents = than.agent !== undefined;
  return isAgents === wasAgents ? totalTokens(call) > totalTokens(than) : wasAgents;
}

function totalTokens({ tokens }: UsageEvent): number {
  const { uncachedInput, cacheRead, cacheWrite5m, cacheWrite1h, output } = tokens;
  return uncachedInput + cacheRead + cacheWrite5m + cacheWrite1h + output;
}

function pairedTwins(calls: readonly UsageEvent[]): ReadonlyMap<UsageEvent, UsageEvent> {
  const unnamed = Map.groupBy(
    calls.filter(({ grain, response }) => grain === "request" && response === undefined),
    countsAndModel,
  );
  const taken = new Set<UsageEvent>();
  const pairs = new Map<UsageEvent, UsageEvent>();
  for (const call of calls) {
    const twin =
      call.grain === "request" && call.response !== undefined
        ? unnamed
            .get(countsAndModel(call))
            ?.find((other) => !taken.has(other) && isTwin(call, other))
        : undefined;
    if (twin !== undefined) {
      taken.add(twin);
      pairs.set(call, twin);
    }
  }
  return pairs;
}

function countsAndModel(call: UsageEvent): string {
  return JSON.stringify([call.tool, call.model, billedCounts(call)]);
}

/** A sub-agent is a session of its own to some sources. */
function isTwin(named: UsageEvent, unnamed: UsageEvent): boolean {
  return (
    (named.session === unnamed.session || named.agent === unnamed.session) &&
    Math.abs(named.timeMs - unnamed.timeMs) <= SAME_MOMENT_MS
  );
}
