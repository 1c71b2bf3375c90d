import type * as z from "zod";
import type { UsageWireItem } from "../../shared/usage/usage-wire.ts";

/** One item of `/v1/usage` with every field, of which a test says only what matters to it. */
export function aWireItem(
  overrides: Partial<z.input<typeof UsageWireItem>> = {},
): z.input<typeof UsageWireItem> {
  return {
    id: "req_018a",
    time: "2026-10-05T09:12:33.120Z",
    user: "user-017@example.com",
    session: "9d0bbe99",
    agent: "explore-2",
    tool: "claude-code",
    provider: "anthropic",
    model: "claude-sonnet-4-5",
    tokens: {
      input: 123,
      cacheRead: 20_000,
      cacheWrite5m: 1000,
      cacheWrite1h: 0,
      output: 456,
      reasoning: 0,
    },
    reportedCost: { amount: "0.016959", currency: "USD" },
    useCase: "feature-work",
    repository: "acme/web",
    branch: "feat/x",
    commit: "0d1a26e6aa",
    fingerprint: "b64hash",
    ...overrides,
  };
}
