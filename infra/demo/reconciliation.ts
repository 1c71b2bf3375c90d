import type { Month } from "../../shared/ledger/roll-ups.ts";
import type { NanoUsd } from "../../shared/money/nano-usd.ts";

export type RecordCounts = {
  readonly received: number;
  readonly committed: number;
  readonly duplicate: number;
  readonly quarantined: number;
  readonly rejected: number;
};

/** One month, computed in three places that share no stored number. */
export type MonthTotals = {
  readonly month: Month;
  /** Every ledger entry, priced again. */
  readonly ledgerNanoUsd: NanoUsd;
  /** The roll-ups that scoring and reports read. */
  readonly rollUpNanoUsd: NanoUsd;
  /** The cost column of the report's CSV, summed up. */
  readonly reportNanoUsd: NanoUsd;
  /** What the report says its total is. */
  readonly statedNanoUsd: NanoUsd;
};

/** Two figures that have to be the same. */
export type Identity = {
  readonly name: string;
  readonly left: bigint;
  readonly right: bigint;
};

export function holds({ left, right }: Identity): boolean {
  return left === right;
}

/** Received is the sum of the other four: nothing is lost on the way, nothing is made up. */
export function countIdentities(
  metrics: RecordCounts,
  answers: Pick<RecordCounts, "received" | "quarantined" | "rejected">,
  ledgerEntries: number,
): readonly Identity[] {
  const { received, committed, duplicate, quarantined, rejected } = metrics;
  return [
    identity(
      "received = committed + duplicate + quarantined + rejected, by the metrics",
      received,
      committed + duplicate + quarantined + rejected,
    ),
    identity(
      "received, by what was sent and answered = by the metrics",
      answers.received,
      received,
    ),
    identity("quarantined, by the answers = by the metrics", answers.quarantined, quarantined),
    identity("rejected, by the answers = by the metrics", answers.rejected, rejected),
    identity("committed, by the metrics = entries in the ledger", committed, ledgerEntries),
  ];
}

/** Ledger, roll-ups and report agree to the nano-dollar, each month and in all. */
export function moneyIdentities(months: readonly MonthTotals[]): readonly Identity[] {
  return [...months, totalOf(months)].flatMap((totals) => [
    {
      name: `${totals.month}: ledger = roll-ups`,
      left: totals.ledgerNanoUsd,
      right: totals.rollUpNanoUsd,
    },
    {
      name: `${totals.month}: ledger = report`,
      left: totals.ledgerNanoUsd,
      right: totals.reportNanoUsd,
    },
    {
      name: `${totals.month}: rows of the report = its stated total`,
      left: totals.reportNanoUsd,
      right: totals.statedNanoUsd,
    },
  ]);
}

/** All months as one, named `total`. */
export function totalOf(months: readonly MonthTotals[]): MonthTotals {
  const sum = (of: (totals: MonthTotals) => NanoUsd) =>
    months.reduce((total, each) => total + of(each), 0n);
  return {
    month: "total",
    ledgerNanoUsd: sum((each) => each.ledgerNanoUsd),
    rollUpNanoUsd: sum((each) => each.rollUpNanoUsd),
    reportNanoUsd: sum((each) => each.reportNanoUsd),
    statedNanoUsd: sum((each) => each.statedNanoUsd),
  };
}

export function identity(name: string, left: number, right: number): Identity {
  return { name, left: BigInt(left), right: BigInt(right) };
}
