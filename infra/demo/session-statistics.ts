import { readFileSync } from "node:fs";
import * as z from "zod";
import { PROJECT_ROOT } from "./project-root.ts";
import type { Random } from "./random.ts";

const Quantiles = z.record(z.string(), z.number()).transform((record) =>
  Object.entries(record)
    .map(([share, value]) => ({ share: Number(share), ln: Math.log(value) }))
    .sort((a, b) => a.share - b.share),
);
type Quantiles = z.infer<typeof Quantiles>;

const AgentModel = z.object({
  id: z.string(),
  meanCost: z.number().positive(),
  costQuantiles: Quantiles,
  callsQuantiles: Quantiles,
  resolvedShare: z.number(),
  resolvedShareByCostDecile: z.array(z.number()).length(10),
  lnCostOnLnCalls: z.object({ residualSd: z.number() }),
  sdLnCost: z.number(),
});
/** How one coding-agent model did on 500 public tasks: cost, calls, and success by cost decile. */
export type AgentModel = z.infer<typeof AgentModel>;

const Statistics = z.object({
  taskEffect: z.object({ sdOfTaskMeanStandardisedLnCost: z.number() }),
  models: z.array(AgentModel),
});
export type SessionStatistics = z.infer<typeof Statistics>;

/** What one session came to, before it has any tokens. */
export type SessionDraw = {
  readonly costUsd: number;
  readonly calls: number;
  readonly succeeds: boolean;
};

/** The medians of the board are 12 to 69 calls; the demo tells the same story in eight. */
const MEDIAN_CALLS = 8;
const FEWEST_CALLS = 3;
const MOST_CALLS = 28;
/** How much a task's own difficulty moves success beyond what its cost says, in log odds. */
const DIFFICULTY_LOG_ODDS = -0.4;

export function readSessionStatistics(): SessionStatistics {
  const path = `${PROJECT_ROOT}/test/fixtures/agent-session-statistics.json`;
  return Statistics.parse(JSON.parse(readFileSync(path, "utf8")));
}

/** Value at a share between 0 and 1, interpolated on the logarithm; the ends go on at their slope. */
export function quantile(quantiles: Quantiles, share: number): number {
  const above = quantiles.findIndex((point) => point.share >= share);
  const upper = Math.max(1, above === -1 ? quantiles.length - 1 : above);
  const [low, high] = [quantiles[upper - 1], quantiles[upper]];
  if (low === undefined || high === undefined) {
    throw new RangeError(`a quantile needs two points or more, got ${quantiles.length}`);
  }
  const slope = (high.ln - low.ln) / (high.share - low.share);
  return Math.exp(low.ln + slope * (share - low.share));
}

/**
 * Draws one session of a model. `difficulty` is the standard normal difficulty of its task: it moves
 * the cost of every session of that task together, as the board shows.
 *
 * @param scale multiplies the cost: the board's sessions solve one small issue each.
 * @param logOdds raises or lowers the chance of success.
 */
export function drawSession(
  random: Random,
  statistics: SessionStatistics,
  model: AgentModel,
  { difficulty, scale, logOdds }: { difficulty: number; scale: number; logOdds: number },
): SessionDraw {
  const taskShare = statistics.taskEffect.sdOfTaskMeanStandardisedLnCost;
  const z = taskShare * difficulty + Math.sqrt(1 - taskShare ** 2) * random.normal();
  const share = normalShare(z);
  const surprise = difficulty - taskShare * z;
  const decile = Math.min(9, Math.floor(share * 10));
  const resolved = clamp(model.resolvedShareByCostDecile[decile] ?? 0, 0.02, 0.98);
  const odds = Math.log(resolved / (1 - resolved)) + logOdds + DIFFICULTY_LOG_ODDS * surprise;
  return {
    costUsd: scale * quantile(model.costQuantiles, share),
    calls: drawCalls(random, model, z),
    succeeds: random.chance(1 / (1 + Math.exp(-odds))),
  };
}

/** Calls go with cost as closely as the board's regression of the two says. */
function drawCalls(random: Random, model: AgentModel, z: number): number {
  const closeness = Math.sqrt(
    Math.max(0, 1 - (model.lnCostOnLnCalls.residualSd / model.sdLnCost) ** 2),
  );
  const share = normalShare(closeness * z + Math.sqrt(1 - closeness ** 2) * random.normal());
  const relative = quantile(model.callsQuantiles, share) / quantile(model.callsQuantiles, 0.5);
  return clamp(Math.round(MEDIAN_CALLS * relative), FEWEST_CALLS, MOST_CALLS);
}

/** Standard normal distribution function to 1.5e-7 (Abramowitz and Stegun, 7.1.26). */
function normalShare(z: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(z)) / Math.SQRT2);
  const polynomial =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const upper = 0.5 * polynomial * Math.exp(-(z * z) / 2);
  return z >= 0 ? 1 - upper : upper;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
