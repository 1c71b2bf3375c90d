import type { PriceBook } from "../../shared/pricing/price-book.ts";
import { type DaySums, type Fact, sumsOf } from "./oracle.ts";

const QUARTER_MS = 15 * 60_000;

/** Days beside one that it rests on: it has requests less than a quarter of an hour from them. */
export function daysBeside(day: string, own: readonly Fact[]): readonly string[] {
  const [start, end] = boundsOf(day);
  const dayAt = (timeMs: number) => new Date(timeMs).toISOString().slice(0, 10);
  return [
    ...(requestsIn(own, start, start + QUARTER_MS).length > 0 ? [dayAt(start - 1)] : []),
    ...(requestsIn(own, end - QUARTER_MS, end).length > 0 ? [dayAt(end)] : []),
  ];
}

/**
 * Adds up a user's day. A call that is told of on both sides of midnight is of the earlier day.
 *
 * @param facts Those of the day and of its {@link daysBeside}.
 */
export function sumsOfDay(
  day: string,
  facts: readonly Fact[],
  book: PriceBook,
): DaySums & { readonly lost: number } {
  const [start, end] = boundsOf(day);
  const own = facts.filter(({ timeMs }) => timeMs >= start && timeMs < end);
  const yesterday = requestsIn(facts, start - QUARTER_MS, start);
  const morning = requestsIn(own, start, start + QUARTER_MS);
  const night = requestsIn(own, end - QUARTER_MS, end);
  const tomorrow = requestsIn(facts, end, end + QUARTER_MS);
  const lost = shared(morning, yesterday);
  const won = shared(night, tomorrow);
  const counted = [...own, ...tomorrow.filter(({ identity }) => won.has(identity))].filter(
    ({ grain, identity }) => grain !== "request" || !lost.has(identity),
  );
  const beside =
    (morning.length > 0 ? yesterday.length : 0) + (night.length > 0 ? tomorrow.length : 0);
  return { ...sumsOf(counted, book), entries: own.length + beside, lost: lost.size };
}

function boundsOf(day: string): readonly [number, number] {
  const start = Date.parse(`${day}T00:00:00Z`);
  return [start, start + 24 * 60 * 60_000];
}

function requestsIn(facts: readonly Fact[], from: number, to: number): readonly Fact[] {
  return facts.filter(({ grain, timeMs }) => grain === "request" && timeMs >= from && timeMs < to);
}

function shared(a: readonly Fact[], b: readonly Fact[]): ReadonlySet<string> {
  const inB = new Set(b.map(({ identity }) => identity));
  return new Set(a.flatMap(({ identity }) => (inB.has(identity) ? [identity] : [])));
}
