import type { Random } from "../../../../infra/demo/random.ts";
import { quantile, readSessionStatistics } from "../../../../infra/demo/session-statistics.ts";
import type { PricedModel } from "./priced-models.ts";

const statistics = readSessionStatistics();

/** The board's sessions solve one small issue each; a session of this organisation is worth six. */
const COST_SCALE = 6;
const CALLS_SCALE = 1.6;
/** How much the difficulty of a task moves its success beyond what the session's cost says, log odds. */
const DIFFICULTY_LOG_ODDS = -0.4;
/** What a further try adds: the last session's work is there already. */
const RETRY_LOG_ODDS = 0.9;
const MOST_CALLS = 600;

export type SessionDraw = {
  readonly usd: number;
  readonly calls: number;
  readonly succeeds: boolean;
};

/**
 * One session of a model on a task: cost and calls by the quantiles of the board, which rise together
 * with the difficulty of the task, and success by the cost decile that the session falls in.
 */
export function drawSession(
  random: Random,
  model: PricedModel,
  task: { readonly difficulty: number; readonly tries: number },
): SessionDraw {
  const row = statistics.models[model.row];
  if (row === undefined) {
    throw new RangeError(`the board has no row ${model.row}`);
  }
  const share = statistics.taskEffect.sdOfTaskMeanStandardisedLnCost;
  const z = share * task.difficulty + Math.sqrt(1 - share ** 2) * random.normal();
  const costShare = normalShare(z);
  const resolved = row.resolvedShareByCostDecile[Math.min(9, Math.floor(costShare * 10))] ?? 0;
  const bounded = Math.min(0.98, Math.max(0.02, resolved));
  const odds =
    Math.log(bounded / (1 - bounded)) +
    DIFFICULTY_LOG_ODDS * (task.difficulty - share * z) +
    RETRY_LOG_ODDS * task.tries;
  const closeness = Math.sqrt(
    Math.max(0, 1 - (row.lnCostOnLnCalls.residualSd / row.sdLnCost) ** 2),
  );
  const callsZ = closeness * z + Math.sqrt(1 - closeness ** 2) * random.normal();
  const calls = CALLS_SCALE * quantile(row.callsQuantiles, normalShare(callsZ));
  return {
    usd: COST_SCALE * quantile(row.costQuantiles, costShare),
    calls: Math.max(2, Math.min(MOST_CALLS, Math.round(calls))),
    succeeds: random.chance(1 / (1 + Math.exp(-odds))),
  };
}

/** Standard normal distribution function to 1.5e-7 (Abramowitz and Stegun, 7.1.26). */
export function normalShare(z: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(z)) / Math.SQRT2);
  const polynomial =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const upper = 0.5 * polynomial * Math.exp(-(z * z) / 2);
  return z >= 0 ? 1 - upper : upper;
}
