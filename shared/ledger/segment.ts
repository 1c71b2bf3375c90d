import type { NanoUsd } from "../money/nano-usd.ts";
import type { UsageEvent, UsageGrain, UserPseudonym } from "../usage/usage-event.ts";
import type { Day } from "./roll-ups.ts";

/**
 * A segment is the ledger item of one (user, session, minute). Its key, and the name of each event
 * in it, are pure functions of the event, never of the batch or of the time of arrival: sending
 * again, in any batch, meets the same place. That is the whole of deduplication.
 */
export type SegmentKey = { readonly pk: string; readonly sk: string };

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * A row that is restated stays on its day, in the minute of the statement: a counter that is stated
 * every minute would otherwise make one item larger and dearer with each.
 */
export function segmentKey(event: UsageEvent): SegmentKey {
  const day = new Date(event.timeMs).toISOString().slice(0, 10);
  const stated = new Date(event.revision?.asOfMs ?? event.timeMs).toISOString();
  return {
    pk: userMonthKey(event.user, day),
    sk: `S#${day}#${escaped(event.session)}#${stated.slice(11, 13)}${stated.slice(14, 16)}`,
  };
}

/** What the partitions of usage begin with, and no others of the ledger. */
export const USAGE_PREFIX = "U#";

/** Partition of a user's month. */
export function userMonthKey(user: UserPseudonym, day: Day): string {
  return `${USAGE_PREFIX}${user}#${day.slice(0, 4)}${day.slice(5, 7)}`;
}

/** Common start of the sort keys of a day's segments. */
export function daySegmentsPrefix(day: Day): string {
  return `S#${day}#`;
}

/** Which user's day a segment key belongs to; `undefined` for any other key of the table. */
export function userDayOfSegment(key: SegmentKey): { user: UserPseudonym; day: Day } | undefined {
  const user = /^U#(.+)#\d{6}$/.exec(key.pk)?.[1];
  const day = /^S#(\d{4}-\d{2}-\d{2})#/.exec(key.sk)?.[1];
  return user === undefined || day === undefined ? undefined : { user, day };
}

/** What events of a session have in common, stored once in a segment under a name of its own. */
export type PackedEvent = {
  readonly context: string;
  readonly body: (contextName: string) => string;
};

const GRAIN_CODES: Readonly<Record<UsageGrain, string>> = {
  request: "r",
  window: "w",
  day: "d",
  link: "l",
};
const GRAINS = new Map<string, UsageGrain>(
  Object.entries(GRAIN_CODES).map(([grain, code]) => [code, grain as UsageGrain]),
);

/**
 * Packs an event into a context (what repeats over a session) and a body of about 35 bytes, so that
 * a dozen events of a session-minute fit in the 1 KB of one write unit. Numbers are in base 36.
 */
export function packEvent(event: UsageEvent): PackedEvent {
  const context = trimmed([
    event.tool,
    event.provider,
    event.model,
    event.attribution === "bound" ? "b" : "",
    event.agent,
    event.useCase,
    event.repository,
    event.branch,
    event.commit,
    event.tier,
  ]);
  const { tokens, credits, revision, reportedForeign } = event;
  return {
    context,
    body: (contextName) =>
      trimmed([
        GRAIN_CODES[event.grain] + contextName,
        (event.timeMs % (revision === undefined ? MINUTE_MS : DAY_MS)).toString(36),
        compact(tokens.uncachedInput),
        compact(tokens.cacheRead),
        compact(tokens.cacheWrite5m),
        compact(tokens.cacheWrite1h),
        compact(tokens.output),
        compact(tokens.reasoning),
        event.reportedCostNanoUsd?.toString(36),
        event.fingerprint,
        event.response,
        event.calls?.toString(36),
        credits?.used.toString(36),
        credits?.overage.toString(36),
        revision?.of,
        revision?.asOfMs.toString(36),
        reportedForeign?.currency,
        reportedForeign?.amountNano.toString(36),
      ]),
  };
}

/** A stored entry that this version cannot read. Never skipped: a skipped entry is lost money. */
export class UnreadableEntryError extends Error {
  override readonly name = "UnreadableEntryError";

  constructor(key: SegmentKey, entry: string) {
    super(`ledger entry ${key.pk} ${key.sk} ${entry} is not in a known format`);
  }
}

/** Reads back what {@link packEvent} wrote. The identity is the entry's own name. */
export function unpackEvent(
  key: SegmentKey,
  name: string,
  body: string,
  contextOf: (contextName: string) => string | undefined,
): UsageEvent {
  const [
    head = "",
    offset,
    input,
    read,
    write5m,
    write1h,
    output,
    reasoning,
    reported,
    fingerprint,
    response,
    calls,
    creditsUsed,
    creditsOverage,
    revisionOf,
    asOf,
    currency,
    foreign = "",
  ] = split(body);
  const grain = GRAINS.get(head[0] ?? "");
  const context = contextOf(head.slice(1));
  const place = /^S#(\d{4}-\d{2}-\d{2})#(.*)#(\d{2})(\d{2})$/s.exec(key.sk);
  const user = userDayOfSegment(key)?.user;
  if (grain === undefined || context === undefined || place === null || user === undefined) {
    throw new UnreadableEntryError(key, name);
  }
  const [, day, session = "", hour, minute] = place;
  const [
    tool = "",
    provider = "",
    model = "",
    bound,
    agent,
    useCase,
    repository,
    branch,
    commit,
    tier,
  ] = split(context);
  const since = revisionOf ? `${day}T00:00:00Z` : `${day}T${hour}:${minute}:00Z`;
  return {
    id: name,
    grain,
    timeMs: Date.parse(since) + whole(offset),
    user,
    attribution: bound === "b" ? "bound" : "asserted",
    session: unescaped(session),
    tool,
    provider,
    model,
    tokens: {
      uncachedInput: whole(input),
      cacheRead: whole(read),
      cacheWrite5m: whole(write5m),
      cacheWrite1h: whole(write1h),
      output: whole(output),
      reasoning: whole(reasoning),
    },
    ...(reported ? { reportedCostNanoUsd: nanoUsdFromBase36(reported) } : {}),
    ...(currency ? { reportedForeign: { currency, amountNano: nanoUsdFromBase36(foreign) } } : {}),
    ...(revisionOf ? { revision: { of: revisionOf, asOfMs: whole(asOf) } } : {}),
    ...(calls ? { calls: whole(calls) } : {}),
    ...(creditsUsed
      ? { credits: { used: whole(creditsUsed), overage: whole(creditsOverage) } }
      : {}),
    ...present({ agent, useCase, repository, branch, commit, tier, fingerprint, response }),
  };
}

function compact(count: number): string {
  return count === 0 ? "" : count.toString(36);
}

function whole(text: string | undefined): number {
  return text ? Number.parseInt(text, 36) : 0;
}

function nanoUsdFromBase36(text: string): NanoUsd {
  let value = 0n;
  for (const digit of text.replace(/^-/, "")) {
    value = value * 36n + BigInt(Number.parseInt(digit, 36));
  }
  return text.startsWith("-") ? -value : value;
}

function trimmed(fields: readonly (string | undefined)[]): string {
  return fields
    .map((field) => escaped(field ?? ""))
    .join("|")
    .replace(/\|+$/, "");
}

function split(text: string): readonly string[] {
  return text.split("|").map(unescaped);
}

function escaped(text: string): string {
  return text.replace(/[%|#]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
}

function unescaped(text: string): string {
  return text.replace(/%(25|7c|23)/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function present<T extends Readonly<Record<string, string | undefined>>>(
  fields: T,
): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value)) as {
    [K in keyof T]?: string;
  };
}
