import { createHash } from "node:crypto";
import { inParallel } from "../../functions/adapters/in-parallel.ts";
import type { PriceBook } from "../../shared/pricing/price-book.ts";
import { daysBeside, sumsOfDay } from "./day-oracle.ts";
import { type DaySums, type Fact, factOf } from "./oracle.ts";
import { type StoredBooks, type StoredItem, storedDay } from "./stored-books.ts";
import type { UsagePlan } from "./usage-plan.ts";

export type BookComparison = {
  /** Entries that the ledger has to hold, and holds. */
  readonly expectedEntries: number;
  readonly ledgerEntries: number;
  readonly expectedNanoUsd: bigint;
  /** Stored minus expected. */
  readonly ledgerDifferenceNanoUsd: bigint;
  readonly sessionDayDifferenceNanoUsd: bigint;
  readonly userDayDifferenceNanoUsd: bigint;
  readonly unpricedCalls: number;
  readonly segments: number;
  readonly userDays: number;
  readonly sessionDays: number;
  /** Keys whose stored value is not the expected one, each with what is wrong. */
  readonly differences: readonly string[];
  /** Items of either table that belong to the user-days compared. */
  readonly ledgerItems: number;
  readonly rollUpItems: number;
};

/** Days under way: while one is compared, the next are read. */
const DAYS_AT_ONCE = 4;

/**
 * Compares what is stored of every user's day with what the oracle says: each ledger entry, each
 * session-day and each user-day, in each of their fields.
 */
export async function compareBooks(
  plan: UsagePlan,
  days: ReadonlyMap<string, readonly number[]>,
  books: StoredBooks,
  book: PriceBook,
): Promise<BookComparison> {
  const differences: string[] = [];
  const sum = {
    expectedEntries: 0,
    ledgerEntries: 0,
    expectedNanoUsd: 0n,
    ledgerDifferenceNanoUsd: 0n,
    sessionDayDifferenceNanoUsd: 0n,
    userDayDifferenceNanoUsd: 0n,
    unpricedCalls: 0,
    segments: 0,
    userDays: days.size,
    sessionDays: 0,
    ledgerItems: 0,
    rollUpItems: 0,
  };
  await inParallel([...days], DAYS_AT_ONCE, async ([key, indexes]) => {
    const [user = "", day = ""] = key.split(" ");
    const [stored, rollUps] = await Promise.all([
      storedDay(books, user, day),
      books.rollUpItems(user, day),
    ]);
    const expectedOf = (other: string) =>
      (days.get(`${user} ${other}`) ?? []).map((index) => factOf(plan.event(index)));
    const expectedFacts = indexes.map((index) => factOf(plan.event(index)));
    const expectedBeside = daysBeside(day, expectedFacts).flatMap(expectedOf);
    const expected = sumsOfDay(day, [...expectedFacts, ...expectedBeside], book);
    const nanoUsd = BigInt(expected.userDay.c);
    const rolledUp = rollUpsOf(rollUps, user, day);

    sum.expectedEntries += expectedFacts.length;
    sum.ledgerEntries += stored.own.length;
    sum.ledgerItems += stored.segments.length;
    sum.rollUpItems += rollUps.length;
    sum.segments += stored.segments.length;
    sum.sessionDays += expected.sessions.size;
    sum.expectedNanoUsd += nanoUsd;
    sum.unpricedCalls += expected.userDay.u;
    sum.ledgerDifferenceNanoUsd += BigInt(sumsOfDay(day, stored.facts, book).userDay.c) - nanoUsd;
    sum.userDayDifferenceNanoUsd += costOf(rolledUp.userDay) - nanoUsd;
    sum.sessionDayDifferenceNanoUsd +=
      [...rolledUp.sessions.values()].reduce((total, body) => total + costOf(body), 0n) - nanoUsd;
    differences.push(
      ...entryDifferences(key, expectedFacts, stored.own),
      ...rollUpDifferences(key, expected, rolledUp),
    );
  });
  return { ...sum, differences };
}

type Body = Readonly<Record<string, unknown>>;
export type StoredRollUps = {
  readonly userDay: Body | undefined;
  readonly entries: number;
  readonly sessions: ReadonlyMap<string, Body>;
};

/** The bodies of a user's day. An empty one stands for a session that lost its events to another. */
export function rollUpsOf(items: readonly StoredItem[], user: string, day: string): StoredRollUps {
  const sessions = new Map<string, Body>();
  let userDay: Body | undefined;
  let entries = 0;
  for (const item of items) {
    const text = item["d"]?.S ?? "";
    const place = (item["sk"]?.S ?? "").slice(`${day}#${user}`.length);
    if (place === "") {
      userDay = JSON.parse(text);
      entries = Number(item["v"]?.N);
    } else if (text !== "") {
      sessions.set(place.slice("#S#".length), JSON.parse(text));
    }
  }
  return { userDay, entries, sessions };
}

export function costOf(body: Body | undefined): bigint {
  return BigInt(String(body?.["c"] ?? 0));
}

function entryDifferences(
  key: string,
  expected: readonly Fact[],
  stored: readonly Fact[],
): readonly string[] {
  const wanted = expected.map((fact) => textOf(fact, nameOf(fact))).sort();
  const found = stored.map((fact) => textOf(fact, fact.identity)).sort();
  const at = wanted.findIndex((text, index) => text !== found[index]);
  return at < 0 && wanted.length === found.length
    ? []
    : [
        `ledger ${key}: expected ${wanted[at]}, got ${found[at]} (${found.length} of ${wanted.length})`,
      ];
}

/** ADR 1: an entry is named by 16 characters of the hash of its identity. */
function nameOf({ identity }: Fact): string {
  return `e${createHash("sha256").update(identity).digest("base64url").slice(0, 16)}`;
}

/** A fact as text. How a window's identity is made up is its reader's own affair. */
function textOf(fact: Fact, name: string): string {
  return JSON.stringify([
    fact.grain === "window" ? "" : name,
    fact.grain,
    fact.timeMs,
    fact.session,
    fact.tool,
    fact.provider,
    fact.model,
    Object.values(fact.tokens),
    String(fact.reportedCostNanoUsd),
    fact.agent,
    fact.useCase,
    fact.repository,
    fact.branch,
    fact.commit,
    fact.fingerprint,
  ]);
}

function rollUpDifferences(
  key: string,
  expected: DaySums,
  { userDay, entries, sessions }: StoredRollUps,
): readonly string[] {
  const names = new Set([...expected.sessions.keys(), ...sessions.keys()]);
  return [
    ...bodyDifference(`user-day ${key}`, expected.userDay, userDay),
    ...(entries === expected.entries
      ? []
      : [`user-day ${key}: of ${entries} entries, expected ${expected.entries}`]),
    ...[...names].flatMap((name) =>
      bodyDifference(`session-day ${key} ${name}`, expected.sessions.get(name), sessions.get(name)),
    ),
  ];
}

function bodyDifference(
  what: string,
  expected: object | undefined,
  stored: Body | undefined,
): readonly string[] {
  if (expected === undefined || stored === undefined) {
    return [`${what} is ${expected === undefined ? "one too many" : "missing"}`];
  }
  return Object.entries(expected).flatMap(([field, value]) => {
    const [wanted, found] = [JSON.stringify(value), JSON.stringify(stored[field])];
    return wanted === found ? [] : [`${what}: ${field} is ${found}, expected ${wanted}`];
  });
}
