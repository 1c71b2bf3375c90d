import type { NanoUsd } from "../money/nano-usd.ts";
import type { CostLine, UserDay } from "./roll-ups.ts";

/** A day of a person by the prices that it was stored by, and by others. */
export type RepricedDay = { readonly before?: UserDay; readonly after: UserDay };

/** What other prices change for one model of one tool. */
export type PriceDifference = Pick<CostLine, "tool" | "provider" | "model"> & {
  /** As they are now. */
  readonly calls: number;
  readonly beforeNanoUsd: NanoUsd;
  readonly afterNanoUsd: NanoUsd;
  readonly unpricedBefore: number;
  readonly unpricedAfter: number;
};

type Sums = Omit<PriceDifference, "tool" | "provider" | "model">;

/** Every model of the days, in order of name, whether or not its cost differs. */
export function priceDifferences(days: readonly RepricedDay[]): readonly PriceDifference[] {
  const byName = new Map<string, PriceDifference>();
  const add = (line: CostLine, change: (sum: PriceDifference) => PriceDifference) => {
    const { tool, provider, model } = line;
    const key = JSON.stringify([tool, provider, model]);
    byName.set(key, change(byName.get(key) ?? { tool, provider, model, ...NOTHING }));
  };
  for (const { before, after } of days) {
    for (const line of before?.lines ?? []) {
      add(line, (sum) => ({
        ...sum,
        beforeNanoUsd: sum.beforeNanoUsd + line.costNanoUsd,
        unpricedBefore: sum.unpricedBefore + line.unpricedCalls,
      }));
    }
    for (const line of after.lines) {
      add(line, (sum) => ({
        ...sum,
        calls: sum.calls + line.calls,
        afterNanoUsd: sum.afterNanoUsd + line.costNanoUsd,
        unpricedAfter: sum.unpricedAfter + line.unpricedCalls,
      }));
    }
  }
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, difference]) => difference);
}

const NOTHING: Sums = {
  calls: 0,
  beforeNanoUsd: 0n,
  afterNanoUsd: 0n,
  unpricedBefore: 0,
  unpricedAfter: 0,
};

/** The sum of differences. */
export function totalDifference(differences: readonly PriceDifference[]): Sums {
  return differences.reduce<Sums>(
    (sum, each) => ({
      calls: sum.calls + each.calls,
      beforeNanoUsd: sum.beforeNanoUsd + each.beforeNanoUsd,
      afterNanoUsd: sum.afterNanoUsd + each.afterNanoUsd,
      unpricedBefore: sum.unpricedBefore + each.unpricedBefore,
      unpricedAfter: sum.unpricedAfter + each.unpricedAfter,
    }),
    NOTHING,
  );
}
