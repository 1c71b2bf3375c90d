import { compareText } from "../compare-text.ts";
import type { DirectoryLookup, Place } from "../directory/directory.ts";
import { monthOf } from "../ledger/calendar.ts";
import { addLines } from "../ledger/cost-lines.ts";
import type { CostLine, Day, Month, UserDay } from "../ledger/roll-ups.ts";
import { type NanoUsd, sumNanoUsd } from "../money/nano-usd.ts";
import type { Credits, TokenBuckets, UserPseudonym } from "../usage/usage-event.ts";

/**
 * What the cost of a row rests on: the price list, configured prices, the sender's own figures, or
 * several of them. `unpriced`: no call of the row has a price, so its cost is unknown, not nothing.
 */
export type CostBasis = "list" | "configured" | "reported" | "mixed" | "unpriced";

/** `usage`: what was called, by the ledger. `seat`: what is paid by the month, by the configuration. */
export type Charge = "usage" | "seat";

/** One line of the monthly report: a person's day with one model of one tool, or a person's seat. */
export type MonthlyCostRow = Pick<Place, "team" | "costCenter" | "owner"> & {
  readonly day: Day;
  readonly person: UserPseudonym;
  readonly tool: string;
  readonly provider: string;
  readonly model: string;
  readonly calls: number;
  readonly tokens: TokenBuckets;
  readonly unpricedCalls: number;
  readonly costBasis: CostBasis;
  /** Cost of the calls that have a price. */
  readonly costNanoUsd: NanoUsd;
  readonly charge: Charge;
  /** Credits of a vendor that states some. */
  readonly credits?: Credits;
  /** Of a seat, if the configuration tells plans apart. */
  readonly plan: string;
  /** Days that a seat is held in the month, times seats; 0 of usage. */
  readonly seatDays: number;
};

/** What the rows come to, in all and by {@link Charge}. */
export type Totals = {
  readonly totalNanoUsd: NanoUsd;
  readonly usageNanoUsd: NanoUsd;
  readonly seatNanoUsd: NanoUsd;
};

export type TeamCosts = Totals & {
  readonly team: string;
  readonly costCenter: string;
  readonly calls: number;
  readonly unpricedCalls: number;
};

/** The totals are the sums of the rows, and the sums of the teams. */
export type MonthlyCosts = Totals & {
  readonly month: Month;
  readonly rows: readonly MonthlyCostRow[];
  readonly unpricedCalls: number;
  readonly byTeam: readonly TeamCosts[];
  /** Versions of the price book that priced the month. More than one: a correction is under way. */
  readonly priceBooks: readonly string[];
};

/**
 * What a month cost, line by line: usage, and the seats that are given. Each day is charged to where its person belonged on that day.
 * The order is by day, then by name: no order ranks people, and the same input gives the same bytes.
 */
export function monthlyCosts(
  userDays: readonly UserDay[],
  directory: DirectoryLookup,
  month: Month,
  seats: readonly MonthlyCostRow[] = [],
): MonthlyCosts {
  const ofMonth = userDays.filter(({ day }) => monthOf(day) === month);
  const lines = ofMonth.flatMap((userDay) =>
    userDay.lines.map((line) => ({ keys: keysOf(userDay, line, directory), line })),
  );
  const groups = Map.groupBy(lines, ({ keys }) => JSON.stringify(Object.values(keys)));
  const rows = [...[...groups.values()].flatMap(rowOf), ...seats].sort(byKeys);
  return {
    month,
    rows,
    ...totalsOf(rows),
    unpricedCalls: count(rows.map(({ unpricedCalls }) => unpricedCalls)),
    byTeam: byTeam(rows),
    priceBooks: [...new Set(ofMonth.map(({ version }) => version.priceBook))].sort(),
  };
}

type RowKeys = Pick<
  MonthlyCostRow,
  "day" | "team" | "costCenter" | "owner" | "person" | "tool" | "provider" | "model"
>;
type KeyedLine = { readonly keys: RowKeys; readonly line: CostLine };

function keysOf({ user, day }: UserDay, line: CostLine, directory: DirectoryLookup): RowKeys {
  const { team, costCenter, owner } = directory.placeOf(user, day);
  const { tool, provider, model } = line;
  return { day, team, costCenter, owner, person: directory.personOf(user), tool, provider, model };
}

function rowOf(group: readonly KeyedLine[]): readonly MonthlyCostRow[] {
  const [first, ...others] = group;
  if (first === undefined) {
    return [];
  }
  const merged = others.reduce((line, other) => addLines(line, other.line), first.line);
  const { calls, tokens, unpricedCalls, costNanoUsd, credits } = merged;
  return [
    {
      ...first.keys,
      calls,
      tokens,
      unpricedCalls,
      costBasis: basisOf(merged),
      costNanoUsd,
      charge: "usage",
      ...(credits && { credits }),
      plan: "",
      seatDays: 0,
    },
  ];
}

function totalsOf(rows: readonly MonthlyCostRow[]): Totals {
  const of = (charge: Charge) =>
    sumNanoUsd(rows.filter((row) => row.charge === charge).map(({ costNanoUsd }) => costNanoUsd));
  const [usageNanoUsd, seatNanoUsd] = [of("usage"), of("seat")];
  return { totalNanoUsd: usageNanoUsd + seatNanoUsd, usageNanoUsd, seatNanoUsd };
}

function basisOf(line: CostLine): CostBasis {
  const { calls, unpricedCalls, reportedBasisCalls, configuredBasisCalls = 0 } = line;
  const priced = calls - unpricedCalls;
  if (priced <= 0 && unpricedCalls > 0) {
    return "unpriced";
  }
  if (reportedBasisCalls + configuredBasisCalls === 0) {
    return "list";
  }
  if (reportedBasisCalls >= priced) {
    return "reported";
  }
  return configuredBasisCalls >= priced ? "configured" : "mixed";
}

function byTeam(rows: readonly MonthlyCostRow[]): readonly TeamCosts[] {
  const groups = Map.groupBy(rows, ({ team, costCenter }) => JSON.stringify([team, costCenter]));
  return [...groups.values()]
    .map((group) => ({
      team: group[0]?.team ?? "",
      costCenter: group[0]?.costCenter ?? "",
      calls: count(group.map(({ calls }) => calls)),
      unpricedCalls: count(group.map(({ unpricedCalls }) => unpricedCalls)),
      ...totalsOf(group),
    }))
    .sort((a, b) => compareText(a.team, b.team) || compareText(a.costCenter, b.costCenter));
}

const SORT_KEYS = [
  "day",
  "team",
  "costCenter",
  "owner",
  "person",
  "tool",
  "provider",
  "model",
  "plan",
] as const;

function byKeys(a: MonthlyCostRow, b: MonthlyCostRow): number {
  const key = SORT_KEYS.find((name) => a[name] !== b[name]);
  return key === undefined ? 0 : compareText(a[key], b[key]);
}

function count(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
