import { compareText } from "../compare-text.ts";
import type { DirectoryLookup } from "../directory/directory.ts";
import { monthOf } from "../ledger/calendar.ts";
import type { Day, Month, UserDay } from "../ledger/roll-ups.ts";
import { type NanoUsd, sumNanoUsd } from "../money/nano-usd.ts";
import type { PriceBook } from "../pricing/price-book.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";
import type { ProviderStatement, StatementKind } from "./provider-statement.ts";
import { statementCost } from "./statement-cost.ts";
import { type KnownCost, type PersonDay, personDays } from "./two-sides.ts";

/**
 * One comparison, in dollars that are known on each side.
 * matched + missingInTelemetry = reported; matched + missingAtProvider = telemetry.
 */
export type Comparison = {
  readonly telemetryNanoUsd: NanoUsd;
  readonly reportedNanoUsd: NanoUsd;
  readonly matchedNanoUsd: NanoUsd;
  /** Reported, and not seen: telemetry that is switched off, lost, or sent elsewhere. */
  readonly missingInTelemetryNanoUsd: NanoUsd;
  /** Seen, and not reported: another account, a late report, or a claim that is not true. */
  readonly missingAtProviderNanoUsd: NanoUsd;
  /** Calls of telemetry, and rows of the provider, that have no price: their dollars are in no figure. */
  readonly unpricedCalls: number;
  readonly unpricedRows: number;
};

/** Whose word telemetry is held against: the provider's report of persons, or one of its statements. */
export type Against = "person-report" | StatementKind;

export type Reconciled = Comparison & {
  readonly against: Against;
  readonly provider: string;
  /** A day, or for an invoice its month. */
  readonly period: Day | Month;
  /** Only where the report names persons. */
  readonly tool?: string;
  readonly person?: UserPseudonym;
};

export type ReconcileInput = {
  readonly userDays: readonly UserDay[];
  readonly statements: readonly ProviderStatement[];
  readonly priceBook: PriceBook;
  readonly directory: Pick<DirectoryLookup, "personOf">;
};

/**
 * Holds telemetry against what providers say, per provider and day: by person where a report names
 * persons, else in all; and per month against invoices. A day is compared only if the provider said
 * something of it: silence is no statement of nothing.
 */
export function reconcile({
  userDays,
  statements,
  priceBook,
  directory,
}: ReconcileInput): readonly Reconciled[] {
  const people = personDays(userDays, directory);
  return [...byPerson(people), ...byStatement(people, statements, priceBook)].sort(byPlace);
}

function byPerson(people: readonly PersonDay[]): readonly Reconciled[] {
  const key = ({ day, tool, provider }: PersonDay) => JSON.stringify([day, tool, provider]);
  const reported = new Set(people.filter(({ report }) => report !== undefined).map(key));
  return people
    .filter((personDay) => reported.has(key(personDay)))
    .map(({ day, tool, provider, person, telemetry, report }) => ({
      against: "person-report",
      provider,
      period: day,
      tool,
      person,
      ...compare(telemetry, report?.costNanoUsd, report?.unpricedCalls ?? 0),
    }));
}

function byStatement(
  people: readonly PersonDay[],
  statements: readonly ProviderStatement[],
  priceBook: PriceBook,
): readonly Reconciled[] {
  const groups = Map.groupBy(statements, (statement) =>
    JSON.stringify([statement.provider, statement.kind, periodOf(statement)]),
  );
  return [...groups.values()].flatMap((group): readonly Reconciled[] => {
    const [first] = group;
    if (first === undefined) {
      return [];
    }
    const { provider, kind, from, to } = first;
    const costs = group.map((statement) => statementCost(statement, priceBook));
    const known = costs.filter((cost) => cost !== undefined);
    const seen = people.filter(
      (personDay) => personDay.provider === provider && personDay.day >= from && personDay.day < to,
    );
    return [
      {
        against: kind,
        provider,
        period: periodOf(first),
        ...compare(sumOf(seen), sumNanoUsd(known), costs.length - known.length),
      },
    ];
  });
}

function periodOf({ kind, from }: ProviderStatement): Day | Month {
  return kind === "invoice" ? monthOf(from) : from;
}

/** Of the calls that telemetry saw; a day that only a report knows was not seen. */
function sumOf(people: readonly PersonDay[]): KnownCost {
  return {
    costNanoUsd: sumNanoUsd(people.map(({ telemetry }) => telemetry?.costNanoUsd ?? 0n)),
    unpricedCalls: people.reduce((n, { telemetry }) => n + (telemetry?.unpricedCalls ?? 0), 0),
  };
}

function compare(
  telemetry: KnownCost | undefined,
  reportedNanoUsd: NanoUsd = 0n,
  unpricedRows = 0,
): Comparison {
  const telemetryNanoUsd = telemetry?.costNanoUsd ?? 0n;
  const matchedNanoUsd = least(telemetryNanoUsd, reportedNanoUsd);
  return {
    telemetryNanoUsd,
    reportedNanoUsd,
    matchedNanoUsd,
    missingInTelemetryNanoUsd: reportedNanoUsd - matchedNanoUsd,
    missingAtProviderNanoUsd: telemetryNanoUsd - matchedNanoUsd,
    unpricedCalls: telemetry?.unpricedCalls ?? 0,
    unpricedRows,
  };
}

function least(a: NanoUsd, b: NanoUsd): NanoUsd {
  return a < b ? a : b;
}

/** By period and names, never by an amount: no output ranks people. */
function byPlace(a: Reconciled, b: Reconciled): number {
  const place = ({ period, provider, against, tool = "", person = "" }: Reconciled) =>
    JSON.stringify([period, provider, against, tool, person]);
  return compareText(place(a), place(b));
}
