import { dayOf } from "../../shared/ledger/calendar.ts";
import type { SessionDay } from "../../shared/ledger/roll-ups.ts";

/** One day of a session of which a test says only what matters to it. */
export function aSessionDay(overrides: Partial<SessionDay> = {}): SessionDay {
  const firstMs = overrides.firstMs ?? Date.UTC(2026, 9, 5, 9);
  return {
    user: "user-017-pseudonym-aaa",
    day: dayOf(firstMs),
    session: "9d0bbe99",
    tools: ["claude-code"],
    calls: 30,
    costNanoUsd: 6_000_000_000n,
    unpricedCalls: 0,
    firstMs,
    lastMs: firstMs + 3_600_000,
    agents: 0,
    fingerprintedCalls: 0,
    distinctFingerprints: 0,
    useCases: [],
    repositories: ["acme/web"],
    branches: ["feat/x"],
    commits: [],
    version: { entries: 30, priceBook: "test" },
    ...overrides,
  };
}
