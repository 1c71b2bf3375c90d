import { randomStream } from "../../../../infra/demo/random.ts";
import { quantile } from "./order-statistics.ts";

export type Interval = { readonly low: number; readonly high: number };

const REPEATS = 2_000;
const SEED = 1;

/**
 * 95 % percentile interval of a figure of several seeds: the seeds are drawn again with replacement,
 * 2,000 times, always in the same way. One seed has no interval to speak of: both ends are equal.
 */
export function seedInterval<Part>(
  parts: readonly Part[],
  figure: (parts: readonly Part[]) => number,
): Interval {
  const random = randomStream(SEED, "bootstrap over seeds");
  const figures = Array.from({ length: REPEATS }, () =>
    figure(parts.flatMap(() => parts[random.whole(0, parts.length - 1)] ?? [])),
  );
  return { low: quantile(figures, 0.025), high: quantile(figures, 0.975) };
}
