import { InvalidFieldError } from "./reading.ts";
import { NO_TOKENS, type TokenBuckets } from "./usage-event.ts";

/** A count, and where it stands in the request. */
export type LocatedCount = { readonly count: number; readonly path: string };

/** Counts of one call as most providers state them: the cached tokens are part of the input, reasoning is part of the output. */
export type InclusiveUsage = {
  readonly input: LocatedCount;
  readonly output: LocatedCount;
  readonly cacheRead: number;
  /** Told apart by no sender of this kind; priced as written for five minutes. */
  readonly cacheWrite: number;
  readonly reasoning: number;
};

/**
 * Disjoint buckets of a call whose counts overlap.
 *
 * @throws {InvalidFieldError} if a part is more than its whole. Either the sender counts in another
 *   way, or a number is wrong: to take 0 for what is left would be a wrong price in silence.
 */
export function disjointTokens({
  input,
  output,
  cacheRead,
  cacheWrite,
  reasoning,
}: InclusiveUsage): TokenBuckets {
  const uncachedInput = input.count - cacheRead - cacheWrite;
  if (uncachedInput < 0) {
    throw new InvalidFieldError(
      input.path,
      `must include the cached tokens, ${cacheRead + cacheWrite}, got ${input.count}`,
    );
  }
  if (reasoning > output.count) {
    throw new InvalidFieldError(
      output.path,
      `must include the reasoning tokens, ${reasoning}, got ${output.count}`,
    );
  }
  return {
    ...NO_TOKENS,
    uncachedInput,
    cacheRead,
    cacheWrite5m: cacheWrite,
    output: output.count,
    reasoning,
  };
}
