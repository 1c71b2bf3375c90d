import { createHmac } from "node:crypto";
import type { PriceBook } from "../../shared/pricing/price-book.ts";
import type { TokenBuckets } from "../../shared/usage/usage-event.ts";
import type { SoakEvent, UsagePlan } from "./usage-plan.ts";

/**
 * What the books should say, worked out from what was sent and nothing else: it shares no code with
 * the fold, the ledger or the roll-ups. Only the price of a single call is asked of the price book.
 */

/** An event as the oracle sees it, whether it was sent or read back from the ledger. */
export type Fact = Pick<
  SoakEvent,
  | "grain"
  | "timeMs"
  | "session"
  | "tool"
  | "provider"
  | "model"
  | "tokens"
  | "reportedCostNanoUsd"
  | "agent"
  | "useCase"
  | "repository"
  | "branch"
  | "commit"
  | "fingerprint"
> & { readonly identity: string };

/** Sums in the shape in which roll-ups are stored, field by field. */
export type SessionSums = {
  readonly t: readonly string[];
  readonly n: number;
  readonly c: string;
  readonly u: number;
  readonly at: readonly [number, number];
  readonly a: number;
  readonly f: readonly [number, number];
  readonly uc: readonly string[];
  readonly r: readonly string[];
  readonly b: readonly string[];
  readonly co: readonly string[];
};
type Line = readonly [string, string, string, number, readonly number[], string, number, number];
export type UserDaySums = {
  readonly n: number;
  readonly c: string;
  readonly u: number;
  readonly s: number;
  readonly f: readonly [number, number];
  readonly l: readonly Line[];
};
export type DaySums = {
  readonly entries: number;
  readonly userDay: UserDaySums;
  readonly sessions: ReadonlyMap<string, SessionSums>;
};

/** Whose day an event belongs to, as `<pseudonym> <day>`. */
export function userDayKey(
  { subject, timeMs }: Pick<SoakEvent, "subject" | "timeMs">,
  pseudonym: (subject: string) => string,
): string {
  const user = subject === undefined ? "unattributed" : pseudonym(subject);
  return `${user} ${new Date(timeMs).toISOString().slice(0, 10)}`;
}

/** Pseudonyms as docs/api.md states them: HMAC-SHA-256, base64url, 22 characters. */
export function pseudonyms(key: string): (subject: string) => string {
  const known = new Map<string, string>();
  return (subject) => {
    const pseudonym =
      known.get(subject) ??
      createHmac("sha256", key).update(subject).digest("base64url").slice(0, 22);
    known.set(subject, pseudonym);
    return pseudonym;
  };
}

/** Numbers of the plan's events by user and day. */
export function eventsByUserDay(
  plan: UsagePlan,
  pseudonym: (subject: string) => string,
): ReadonlyMap<string, readonly number[]> {
  const days = new Map<string, number[]>();
  for (let index = 0; index < plan.count; index += 1) {
    const key = userDayKey(plan.event(index), pseudonym);
    const known = days.get(key);
    if (known === undefined) {
      days.set(key, [index]);
    } else {
      known.push(index);
    }
  }
  return days;
}

export function factOf(event: SoakEvent): Fact {
  return { ...event, identity: event.id };
}

/** Adds up what counts on a day. */
export function sumsOf(facts: readonly Fact[], book: PriceBook): DaySums {
  const sessions = new Map<string, SessionSums>();
  const lines = new Map<string, Sum>();
  const prints: string[] = [];
  let spending = 0;
  for (const [session, events] of groups(onceEach(facts), ({ session: name }) => name)) {
    const counted = countedOf(events);
    const ownLines = linesOf(counted, book);
    const ownPrints = counted.flatMap(({ fingerprint }) => fingerprint ?? []);
    const links = events.filter(({ grain }) => grain === "link");
    sessions.set(session, sessionSums(counted, links, ownLines, ownPrints));
    spending += ownLines.size > 0 ? 1 : 0;
    prints.push(...ownPrints);
    for (const [key, sum] of ownLines) {
      lines.set(key, plus(lines.get(key), sum));
    }
  }
  return {
    entries: facts.length,
    sessions,
    userDay: {
      ...totalOf(lines),
      s: spending,
      f: [prints.length, new Set(prints).size],
      l: [...lines.keys()].sort().flatMap((key) => lineOf(key, lines.get(key))),
    },
  };
}

/** A call that two sources saw counts as the one that was first. */
function onceEach(facts: readonly Fact[]): readonly Fact[] {
  const first = new Map<string, Fact>();
  for (const fact of facts) {
    const known = first.get(fact.identity);
    const isEarlier =
      known === undefined ||
      fact.timeMs < known.timeMs ||
      (fact.timeMs === known.timeMs && fact.session < known.session);
    if (isEarlier) {
      first.set(fact.identity, fact);
    }
  }
  return [...first.values()];
}

/** Links spend nothing; windows of a tool count only in a session in which it sent no requests. */
function countedOf(events: readonly Fact[]): readonly Fact[] {
  const tools = new Set(events.flatMap(({ grain, tool }) => (grain === "request" ? [tool] : [])));
  return events.filter(
    ({ grain, tool }) => grain === "request" || (grain === "window" && !tools.has(tool)),
  );
}

type Sum = {
  readonly calls: number;
  readonly tokens: readonly number[];
  readonly cost: bigint;
  readonly unpriced: number;
  readonly reported: number;
};

function linesOf(counted: readonly Fact[], book: PriceBook): ReadonlyMap<string, Sum> {
  const lines = new Map<string, Sum>();
  const byName = groups(counted, ({ tool, provider, model }) =>
    JSON.stringify([tool, provider, model]),
  );
  for (const [key, events] of byName) {
    const windows = events.filter(({ grain }) => grain === "window");
    const costs = windows.flatMap(({ reportedCostNanoUsd }) => reportedCostNanoUsd ?? []);
    const requests = events.filter(({ grain }) => grain === "request");
    lines.set(
      key,
      requests
        .map((call) => callSum(call, book))
        .reduce(plus, {
          // Of windows only their cost is known; all of those without one are one unpriced call.
          calls: costs.length || Math.min(1, windows.length),
          tokens: windows.map(({ tokens }) => numbers(tokens)).reduce(plusEach, NO_TOKENS),
          cost: costs.reduce((sum, cost) => sum + cost, 0n),
          unpriced: costs.length === 0 ? Math.min(1, windows.length) : 0,
          reported: costs.length,
        }),
    );
  }
  return lines;
}

function callSum(call: Fact, book: PriceBook): Sum {
  // Of a call without tokens, such as an image, only its sender knows what it cost.
  const hasTokens = Object.values(call.tokens).some((count) => count > 0);
  const listed =
    hasTokens || call.reportedCostNanoUsd === undefined ? book.listCost(call) : undefined;
  const cost = listed ?? call.reportedCostNanoUsd;
  return {
    calls: 1,
    tokens: numbers(call.tokens),
    cost: cost ?? 0n,
    unpriced: cost === undefined ? 1 : 0,
    reported: listed === undefined && cost !== undefined ? 1 : 0,
  };
}

const NO_TOKENS: readonly number[] = [0, 0, 0, 0, 0, 0];

function numbers(tokens: TokenBuckets): readonly number[] {
  const { uncachedInput, cacheRead, cacheWrite5m, cacheWrite1h, output, reasoning } = tokens;
  return [uncachedInput, cacheRead, cacheWrite5m, cacheWrite1h, output, reasoning];
}

function plusEach(a: readonly number[], b: readonly number[]): readonly number[] {
  return a.map((value, at) => value + (b[at] ?? 0));
}

function plus(a: Sum | undefined, b: Sum): Sum {
  return a === undefined
    ? b
    : {
        calls: a.calls + b.calls,
        tokens: plusEach(a.tokens, b.tokens),
        cost: a.cost + b.cost,
        unpriced: a.unpriced + b.unpriced,
        reported: a.reported + b.reported,
      };
}

function totalOf(lines: ReadonlyMap<string, Sum>): { n: number; c: string; u: number } {
  const sums = [...lines.values()];
  return {
    n: sums.reduce((total, { calls }) => total + calls, 0),
    c: String(sums.reduce((total, { cost }) => total + cost, 0n)),
    u: sums.reduce((total, { unpriced }) => total + unpriced, 0),
  };
}

function lineOf(key: string, sum: Sum | undefined): readonly Line[] {
  const [tool = "", provider = "", model = ""] = namesIn(key);
  return sum === undefined
    ? []
    : [
        [
          tool,
          provider,
          model,
          sum.calls,
          sum.tokens,
          String(sum.cost),
          sum.unpriced,
          sum.reported,
        ],
      ];
}

/** The times are those of what counts; of a session that only links, those of its links. */
function sessionSums(
  counted: readonly Fact[],
  links: readonly Fact[],
  lines: ReadonlyMap<string, Sum>,
  prints: readonly string[],
): SessionSums {
  const events = [...counted, ...links];
  const times = (counted.length > 0 ? counted : links).map(({ timeMs }) => timeMs);
  const distinct = (values: readonly (string | undefined)[]) =>
    [...new Set(values.filter((value) => value !== undefined))].sort();
  return {
    t: distinct([...lines.keys()].map((key) => namesIn(key)[0])),
    ...totalOf(lines),
    at: [Math.min(...times), Math.max(...times)],
    a: distinct(events.map(({ agent }) => agent)).length,
    f: [prints.length, new Set(prints).size],
    uc: distinct(events.map(({ useCase }) => useCase)),
    r: distinct(events.map(({ repository }) => repository)),
    b: distinct(events.map(({ branch }) => branch)),
    co: distinct(events.map(({ commit }) => commit)),
  };
}

function namesIn(key: string): readonly string[] {
  return JSON.parse(key);
}

function groups<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, T[]> {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = found.get(key);
    if (group === undefined) {
      found.set(key, [item]);
    } else {
      group.push(item);
    }
  }
  return found;
}
