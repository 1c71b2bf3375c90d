import { sumNanoUsd } from "../money/nano-usd.ts";
import { dayRowCost } from "../pricing/day-row-cost.ts";
import { callCost, hasQuantity, type PriceBook } from "../pricing/price-book.ts";
import {
  addTokens,
  type Credits,
  NO_TOKENS,
  type TokenBuckets,
  type UsageEvent,
} from "../usage/usage-event.ts";
import type { CostLine } from "./roll-ups.ts";

/** What events that count come to, by tool, provider and model. */
export function costLines(
  events: readonly UsageEvent[],
  priceBook: PriceBook,
): readonly CostLine[] {
  const byLine = Map.groupBy(
    events.filter(({ grain }) => grain !== "link"),
    (event) => JSON.stringify([event.tool, event.provider, event.model]),
  );
  return mergeLines([...byLine.values()].map((group) => costLine(group, priceBook)));
}

function costLine(group: readonly UsageEvent[], priceBook: PriceBook): CostLine {
  const { tool = "", provider = "", model = "" } = group[0] ?? {};
  const ofGrain = (grain: UsageEvent["grain"]) => group.filter((event) => event.grain === grain);
  const credits = group.reduce(sumOfCredits, undefined);
  const empty = { ...NOTHING, tool, provider, model };
  const line = [
    ...ofGrain("request").map((event) => ({ ...callCost(priceBook, event), calls: 1 })),
    ...windowCosts(ofGrain("window"), priceBook),
    ...ofGrain("day").map((event) => ({
      ...dayRowCost(priceBook, event),
      calls: event.calls ?? 1,
    })),
  ].reduce(addCost, empty);
  return {
    ...line,
    tokens: group.reduce((sum: TokenBuckets, event) => addTokens(sum, event.tokens), NO_TOKENS),
    ...(credits && { credits }),
    ...(group.every(({ grain }) => grain === "day") && { grain: "day" }),
  };
}

const NOTHING = {
  calls: 0,
  tokens: NO_TOKENS,
  costNanoUsd: 0n,
  unpricedCalls: 0,
  reportedBasisCalls: 0,
};

type Cost = ReturnType<typeof callCost> & { readonly calls: number };

function addCost(line: CostLine, cost: Cost): CostLine {
  return {
    ...line,
    calls: line.calls + cost.calls,
    costNanoUsd: line.costNanoUsd + (cost.basis === "unpriced" ? 0n : cost.costNanoUsd),
    unpricedCalls: line.unpricedCalls + (cost.basis === "unpriced" ? cost.calls : 0),
    reportedBasisCalls: line.reportedBasisCalls + (cost.basis === "reported" ? cost.calls : 0),
    ...configuredCalls(line, cost.basis === "configured" ? cost.calls : 0),
  };
}

function configuredCalls(
  { configuredBasisCalls = 0 }: CostLine,
  more: number,
): Pick<CostLine, "configuredBasisCalls"> {
  const calls = configuredBasisCalls + more;
  return calls === 0 ? {} : { configuredBasisCalls: calls };
}

/**
 * The tokens and the estimate of a window come apart: only the latter counts as a call. The tokens,
 * or credits, cost what a configured price says; where there is none, the estimates stand.
 */
function windowCosts(windows: readonly UsageEvent[], priceBook: PriceBook): readonly Cost[] {
  const quantities = windows.filter(hasQuantity);
  const configured = quantities.flatMap((window) => {
    const cost = callCost(priceBook, window);
    return cost.basis === "configured" ? [cost.costNanoUsd] : [];
  });
  if (configured.length > 0 && configured.length === quantities.length) {
    const estimated = windows.filter((event) => event.reportedCostNanoUsd !== undefined).length;
    return [
      { basis: "configured", costNanoUsd: sumNanoUsd(configured), calls: Math.max(estimated, 1) },
    ];
  }
  const costs = windows.flatMap(({ reportedCostNanoUsd: costNanoUsd }): readonly Cost[] =>
    costNanoUsd === undefined ? [] : [{ basis: "reported", costNanoUsd, calls: 1 }],
  );
  return windows.length > 0 && costs.length === 0 ? [{ basis: "unpriced", calls: 1 }] : costs;
}

/** Lines of the same tool, provider and model as one, in the order of their names. */
export function mergeLines(lines: readonly CostLine[]): readonly CostLine[] {
  const byKey = Map.groupBy(lines, (line) =>
    JSON.stringify([line.tool, line.provider, line.model]),
  );
  return [...byKey.keys()].sort().flatMap((key) => {
    const [first, ...rest] = byKey.get(key) ?? [];
    return first === undefined ? [] : [rest.reduce(addLines, first)];
  });
}

/**
 * A roll-up is one item of 400 KB at most: a sender that makes up a name for every call must not
 * keep a day's cost out of the books. The dearest lines keep their names, the rest is one line.
 */
const MOST_LINES = 150;
const OTHER_NAMES = "(others)";

/** So many lines that one item can hold them, with the same sum. */
export function fewLines(lines: readonly CostLine[]): readonly CostLine[] {
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

/** Two lines as one, under the names of the first. */
export function addLines(sum: CostLine, line: CostLine): CostLine {
  const credits = sumOfCredits(sum.credits, line);
  const { grain, ...named } = sum;
  return {
    ...named,
    ...(grain !== undefined && grain === line.grain && { grain }),
    calls: sum.calls + line.calls,
    tokens: addTokens(sum.tokens, line.tokens),
    costNanoUsd: sum.costNanoUsd + line.costNanoUsd,
    unpricedCalls: sum.unpricedCalls + line.unpricedCalls,
    reportedBasisCalls: sum.reportedBasisCalls + line.reportedBasisCalls,
    ...configuredCalls(sum, line.configuredBasisCalls ?? 0),
    ...(credits && { credits }),
  };
}

function sumOfCredits(
  sum: Credits | undefined,
  { credits }: { readonly credits?: Credits },
): Credits | undefined {
  return sum && credits
    ? { used: sum.used + credits.used, overage: sum.overage + credits.overage }
    : (sum ?? credits);
}
