import type { NanoUsd } from "../money/nano-usd.ts";
import { callCost, type PriceBook } from "../pricing/price-book.ts";
import {
  addTokens,
  NO_TOKENS,
  type TokenBuckets,
  type UsageEvent,
  type UserPseudonym,
} from "../usage/usage-event.ts";
import type { CostLine, Day, RollUpVersion, SessionDay, UserDay } from "./roll-ups.ts";

/** A user's day, in all and by session. */
export type FoldedDay = { readonly userDay: UserDay; readonly sessionDays: readonly SessionDay[] };

/**
 * Recomputes the roll-ups of a user's day from every ledger entry of that day.
 *
 * The order of entries does not matter. An identity that sits in two segments (two sources saw the
 * same call, at times a minute apart) counts once: the earliest entry wins.
 */
export function foldUserDay(
  user: UserPseudonym,
  day: Day,
  entries: readonly UsageEvent[],
  priceBook: PriceBook,
): FoldedDay {
  const version = { entries: entries.length, priceBook: priceBook.version };
  const bySession = Map.groupBy(countedOnce(entries), (event) => event.session);
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
      version,
    },
    sessionDays: sessions.map((session) => sessionDay(user, day, session, version)),
  };
}

/** Entries in order of time, each identity once. */
function countedOnce(entries: readonly UsageEvent[]): readonly UsageEvent[] {
  const seen = new Map<string, UsageEvent>();
  for (const event of entries.toSorted(byTime)) {
    if (!seen.has(event.id)) {
      seen.set(event.id, event);
    }
  }
  return [...seen.values()];
}

function byTime(a: UsageEvent, b: UsageEvent): number {
  return a.timeMs - b.timeMs || compareText(a.session, b.session) || compareText(a.id, b.id);
}

function compareText(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
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
  const counted = withoutShadowedWindows(events).filter((event) => event.grain !== "link");
  const byLine = Map.groupBy(counted, (event) =>
    JSON.stringify([event.tool, event.provider, event.model]),
  );
  const lines = [...byLine.values()].map((group) => costLine(group, priceBook));
  return {
    session,
    events,
    lines: mergeLines(lines),
    fingerprints: counted.flatMap((event) => event.fingerprint ?? []),
  };
}

/** Requests are the authority: a tool's windows count only where it sent no request in the session. */
function withoutShadowedWindows(events: readonly UsageEvent[]): readonly UsageEvent[] {
  const withRequests = new Set(
    events.filter((event) => event.grain === "request").map((event) => event.tool),
  );
  return events.filter((event) => event.grain !== "window" || !withRequests.has(event.tool));
}

function costLine(group: readonly UsageEvent[], priceBook: PriceBook): CostLine {
  const requests = group.filter((event) => event.grain === "request");
  const windows = group.filter((event) => event.grain === "window");
  const costs = requests.map((event) => callCost(priceBook, event));
  const reportedWindows = windows.filter((event) => event.reportedCostNanoUsd !== undefined);
  const unpricedWindows = windows.length > 0 && reportedWindows.length === 0 ? 1 : 0;
  const { tool = "", provider = "", model = "" } = group[0] ?? {};
  return {
    tool,
    provider,
    model,
    calls: requests.length + Math.max(reportedWindows.length, unpricedWindows),
    tokens: group.reduce((sum: TokenBuckets, event) => addTokens(sum, event.tokens), NO_TOKENS),
    costNanoUsd:
      total(costs.map((cost) => (cost.basis === "unpriced" ? 0n : cost.costNanoUsd))) +
      total(reportedWindows.map((event) => event.reportedCostNanoUsd ?? 0n)),
    unpricedCalls: costs.filter((cost) => cost.basis === "unpriced").length + unpricedWindows,
    reportedBasisCalls:
      costs.filter((cost) => cost.basis === "reported").length + reportedWindows.length,
  };
}

function mergeLines(lines: readonly CostLine[]): readonly CostLine[] {
  const byKey = Map.groupBy(lines, (line) =>
    JSON.stringify([line.tool, line.provider, line.model]),
  );
  return [...byKey.keys()].sort().flatMap((key) => {
    const group = byKey.get(key) ?? [];
    return group.slice(1).reduce(addLines, group.slice(0, 1));
  });
}

/**
 * A roll-up is one item of 400 KB at most: a sender that makes up a name for every call must not
 * keep a day's cost out of the books. The dearest lines keep their names, the rest is one line.
 */
const MOST_LINES = 150;
const OTHER_NAMES = "(others)";

function fewLines(lines: readonly CostLine[]): readonly CostLine[] {
  if (lines.length <= MOST_LINES) {
    return lines;
  }
  const dearest = new Set(lines.toSorted(byCost).slice(0, MOST_LINES - 1));
  return mergeLines(
    lines.map((line) =>
      dearest.has(line)
        ? line
        : { ...line, tool: OTHER_NAMES, provider: OTHER_NAMES, model: OTHER_NAMES },
    ),
  );
}

function byCost(a: CostLine, b: CostLine): number {
  return Number(b.costNanoUsd - a.costNanoUsd) || b.calls - a.calls;
}

function addLines([sum]: readonly CostLine[], line: CostLine): CostLine[] {
  return sum === undefined
    ? [line]
    : [
        {
          ...sum,
          calls: sum.calls + line.calls,
          tokens: addTokens(sum.tokens, line.tokens),
          costNanoUsd: sum.costNanoUsd + line.costNanoUsd,
          unpricedCalls: sum.unpricedCalls + line.unpricedCalls,
          reportedBasisCalls: sum.reportedBasisCalls + line.reportedBasisCalls,
        },
      ];
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
    costNanoUsd: total(lines.map((line) => line.costNanoUsd)),
    unpricedCalls: lines.reduce((sum, line) => sum + line.unpricedCalls, 0),
  };
}

function fingerprints(seen: readonly string[]): {
  readonly fingerprintedCalls: number;
  readonly distinctFingerprints: number;
} {
  return { fingerprintedCalls: seen.length, distinctFingerprints: new Set(seen).size };
}

function total(amounts: readonly NanoUsd[]): NanoUsd {
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}

function distinct(values: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== undefined))].sort();
}
