import type { CostLine, UserDay } from "../../shared/ledger/roll-ups.ts";
import { NO_TOKENS } from "../../shared/usage/usage-event.ts";

export function aCostLine(changes: Partial<CostLine> = {}): CostLine {
  return {
    tool: "claude-code",
    provider: "anthropic",
    model: "claude-sonnet-4-5",
    calls: 1,
    tokens: { ...NO_TOKENS, uncachedInput: 100, output: 50 },
    costNanoUsd: 1_050_000n,
    unpricedCalls: 0,
    reportedBasisCalls: 0,
    ...changes,
  };
}

/** A user's day whose sums follow from its lines. */
export function aUserDay(changes: Partial<UserDay> = {}): UserDay {
  const lines = changes.lines ?? [aCostLine()];
  return {
    user: "user-017",
    day: "2026-10-05",
    calls: lines.reduce((sum, { calls }) => sum + calls, 0),
    costNanoUsd: lines.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n),
    unpricedCalls: lines.reduce((sum, { unpricedCalls }) => sum + unpricedCalls, 0),
    sessions: 1,
    fingerprintedCalls: 0,
    distinctFingerprints: 0,
    version: { entries: 1, priceBook: "2026-10-01" },
    ...changes,
    lines,
  };
}
