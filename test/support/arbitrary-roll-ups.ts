import fc from "fast-check";
import type { CostLine, RollUpVersion, SessionDay, UserDay } from "../../shared/ledger/roll-ups.ts";

/** Mostly what a day may have, at times more than 32 bits. */
const count = fc.oneof({ weight: 9, arbitrary: fc.nat() }, fc.maxSafeNat());
/** Mostly less than 2^53, at times more. */
const money = fc.oneof(
  { weight: 9, arbitrary: fc.bigInt({ min: 0n, max: 1n << 53n }) },
  fc.bigInt({ min: -(1n << 70n), max: 1n << 70n }),
);
const name = fc.constantFrom("user-017", "acme/web", "feat/x", '["feat/x"]', "", "✓", "v1");
const names = fc.array(name, { maxLength: 3 });
const day = fc.constantFrom("2026-10-05", "2026-10-06");
const version: fc.Arbitrary<RollUpVersion> = fc.record(
  { entries: fc.nat(5), priceBook: name, names: name, nameChanges: fc.nat(3) },
  { requiredKeys: ["entries", "priceBook"] },
);

const line: fc.Arbitrary<CostLine> = fc.record(
  {
    tool: name,
    provider: name,
    model: name,
    calls: count,
    tokens: fc.record({
      uncachedInput: count,
      cacheRead: count,
      cacheWrite5m: count,
      cacheWrite1h: count,
      output: count,
      reasoning: count,
    }),
    costNanoUsd: money,
    unpricedCalls: count,
    reportedBasisCalls: count,
    configuredBasisCalls: fc.nat(3),
    credits: fc.record({ used: count, overage: count }),
    grain: fc.constant("day" as const),
  },
  {
    requiredKeys: [
      "tool",
      "provider",
      "model",
      "calls",
      "tokens",
      "costNanoUsd",
      "unpricedCalls",
      "reportedBasisCalls",
    ],
  },
);
const lines = fc.array(line, { maxLength: 3 });

/** Any user-day that the type allows, few of them with ordinary numbers alone. */
export const arbitraryUserDay: fc.Arbitrary<UserDay> = fc
  .record({
    user: name,
    day,
    calls: count,
    costNanoUsd: money,
    unpricedCalls: count,
    sessions: count,
    fingerprintedCalls: count,
    distinctFingerprints: count,
    lines,
    otherGrain: fc.option(lines, { nil: undefined }),
    version,
  })
  .map(({ otherGrain, ...value }) => ({ ...value, ...(otherGrain && { otherGrain }) }));

/** Any session-day that the type allows. */
export const arbitrarySessionDay: fc.Arbitrary<SessionDay> = fc.record({
  user: name,
  day,
  session: name,
  tools: names,
  calls: count,
  costNanoUsd: money,
  unpricedCalls: count,
  firstMs: fc.maxSafeNat(),
  lastMs: fc.maxSafeNat(),
  agents: count,
  fingerprintedCalls: count,
  distinctFingerprints: count,
  useCases: names,
  repositories: names,
  branches: names,
  commits: names,
  version,
});
