import { MINUTE_MS } from "./calendar.ts";
import type { Random } from "./random.ts";

/** Models that the demo's people use, dearest first. */
export const MODELS = ["claude-opus-4-5", "claude-sonnet-4-5", "claude-haiku-4-5"] as const;
export type Model = (typeof MODELS)[number];

/** USD per million tokens of input, by Anthropic's list: a cache read is a tenth, a 5 minute write 1.25. */
const INPUT_USD_PER_MILLION: Readonly<Record<Model, number>> = {
  "claude-opus-4-5": 5,
  "claude-sonnet-4-5": 3,
  "claude-haiku-4-5": 1,
};
/** USD that one call hardly passes; a dearer session has more calls. */
const DEAREST_CALL_USD: Readonly<Record<Model, number>> = {
  "claude-opus-4-5": 0.6,
  "claude-sonnet-4-5": 0.35,
  "claude-haiku-4-5": 0.12,
};
const OUTPUT_OVER_INPUT = 5;
const CACHE_READ_OVER_INPUT = 0.1;
const CACHE_WRITE_OVER_INPUT = 1.25;
/** Sessions are compacted before they leave the 200,000 tokens that the base price covers. */
const CONTEXT_LIMIT = 180_000;
const CONTEXT_AFTER_COMPACTION = 30_000;
const LONGEST_OUTPUT = 32_000;
/** System prompt and tool definitions, written to the cache by the first call. */
const FIRST_WRITE = 9_000;
const FIRST_READ = 12_000;

export type CallTokens = {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
};

export type ModelCall = {
  /** The provider's request id. */
  readonly id: string;
  readonly timeMs: number;
  readonly model: Model;
  readonly tokens: CallTokens;
  /** Set for a sub-agent's call. */
  readonly agent?: string;
};

/** List cost of one call in USD, as a floating number: for drawing and for the client's own estimate. */
export function listCostUsd(model: Model, tokens: CallTokens): number {
  const inputs =
    tokens.input +
    tokens.cacheRead * CACHE_READ_OVER_INPUT +
    tokens.cacheWrite * CACHE_WRITE_OVER_INPUT +
    tokens.output * OUTPUT_OVER_INPUT;
  return (inputs * INPUT_USD_PER_MILLION[model]) / 1e6;
}

/** The calls of a session: as drawn, or as many as its cost needs. */
export function callsForCost(model: Model, calls: number, costUsd: number): number {
  return Math.max(calls, Math.ceil(costUsd / DEAREST_CALL_USD[model]));
}

/**
 * Tokens of a session's calls, so that their list cost comes to `costUsd`: every call reads what the
 * ones before it wrote to the cache, so that reads grow until the context is compacted.
 */
export function tokensForCost(
  random: Random,
  model: Model,
  calls: number,
  costUsd: number,
): readonly CallTokens[] {
  const shape = Array.from({ length: calls }, () => ({
    input: random.whole(3, 240),
    write: random.logNormal(2_600, 0.7),
    output: random.logNormal(450, 0.6),
  }));
  const cost = (size: number) => sum(grow(shape, size).map((each) => listCostUsd(model, each)));
  const size = solveIncreasing(cost, costUsd);
  return settle(grow(shape, size), model, costUsd);
}

type CallShape = { readonly input: number; readonly write: number; readonly output: number };

function grow(shape: readonly CallShape[], size: number): CallTokens[] {
  const small = Math.min(1, size);
  let context = Math.round(FIRST_READ * small);
  return shape.map((call, index) => {
    const write = Math.round(call.write * size + (index === 0 ? FIRST_WRITE * small : 0));
    if (context + write > CONTEXT_LIMIT) {
      context = CONTEXT_AFTER_COMPACTION;
    }
    const tokens = {
      input: call.input,
      cacheRead: context,
      cacheWrite: Math.min(write, CONTEXT_LIMIT - CONTEXT_AFTER_COMPACTION),
      output: clampOutput(call.output * size),
    };
    context += tokens.cacheWrite;
    return tokens;
  });
}

function clampOutput(tokens: number): number {
  return Math.min(LONGEST_OUTPUT, Math.max(1, Math.round(tokens)));
}

/** Puts what rounding and compaction left over into the output of the calls, evenly. */
function settle(calls: readonly CallTokens[], model: Model, costUsd: number): CallTokens[] {
  const perToken = (OUTPUT_OVER_INPUT * INPUT_USD_PER_MILLION[model]) / 1e6;
  const missing = costUsd - sum(calls.map((call) => listCostUsd(model, call)));
  const each = Math.round(missing / perToken / calls.length);
  return calls.map((call) => ({ ...call, output: Math.max(1, call.output + each) }));
}

function solveIncreasing(of: (x: number) => number, target: number): number {
  let low = 0;
  let high = 1;
  while (of(high) < target && high < 1_024) {
    high *= 2;
  }
  for (let step = 0; step < 30; step += 1) {
    const middle = (low + high) / 2;
    if (of(middle) < target) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}

/** Times of a person's calls: bursts within a minute, some minutes of reading between them. */
export function burstTimes(random: Random, startMs: number, calls: number): readonly number[] {
  const times: number[] = [];
  let minute = Math.floor(startMs / MINUTE_MS) * MINUTE_MS;
  while (times.length < calls) {
    const size = Math.min(calls - times.length, random.whole(5, 10));
    const step = (52_000 / size) | 0;
    for (let index = 0; index < size; index += 1) {
      times.push(minute + 3_000 + index * step + random.whole(0, step - 400));
    }
    minute += random.whole(2, 9) * MINUTE_MS;
  }
  return times;
}

export function requestId(random: Random): string {
  return `req_011C${random.token(20)}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
