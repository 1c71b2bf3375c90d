import { compareText } from "../compare-text.ts";
import type { UsageEvent } from "../usage/usage-event.ts";
import { billedCounts } from "./same-call.ts";

/** Two sources write down the end of the same call this far apart at most. */
const SAME_MOMENT_MS = 30_000;

/**
 * The entries of a user's day, each call once, in order of time. In turn:
 *
 * 1. Entries of one identity are one call, as several sources saw it. The earliest stands; what others
 *    add to it (an estimate, a tier, how long the cache was written for) is added.
 * 2. Calls of one response of the provider are one call: a replay under another request id loses to the
 *    session's own call, else to the one with more tokens.
 * 3. Some sources name the response, others of the same tool no id at all. Of a session, two such calls
 *    with the same counts, model and moment are one, pair by pair.
 *
 * The order of entries does not matter.
 */
export function onePerCall(entries: readonly UsageEvent[]): readonly UsageEvent[] {
  const inOrder = entries.toSorted(byTime);
  const byIdentity = Map.groupBy(inOrder, ({ id }) => id);
  const calls = [...byIdentity.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [others.reduce(withWhatAdds, first)],
  );
  return withoutTwins(withoutReplays(calls));
}

/** Order of time; of one moment, any that is the same each time. */
export function byTime(a: UsageEvent, b: UsageEvent): number {
  return a.timeMs - b.timeMs || compareText(a.session, b.session) || compareText(a.id, b.id);
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

function withoutTwins(calls: readonly UsageEvent[]): readonly UsageEvent[] {
  const unnamed = Map.groupBy(
    calls.filter(({ grain, response }) => grain === "request" && response === undefined),
    countsAndModel,
  );
  const twins = new Set<UsageEvent>();
  const named = calls.map((call) => {
    const twin =
      call.grain === "request" && call.response !== undefined
        ? unnamed
            .get(countsAndModel(call))
            ?.find((other) => !twins.has(other) && isTwin(call, other))
        : undefined;
    if (twin === undefined) {
      return call;
    }
    twins.add(twin);
    return withWhatAdds(call, twin);
  });
  return named.filter((call) => !twins.has(call));
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
