import { describe, expect, test } from "vitest";
import { isSameCallSeenTwice } from "../../../shared/ledger/same-call.ts";
import { aUsageEvent } from "../../support/usage-event-builder.ts";

const stored = aUsageEvent({ reportedCostNanoUsd: 16_959_000n });
type Changes = Parameters<typeof aUsageEvent>[0];

describe("isSameCallSeenTwice", () => {
  test.each<[string, Changes]>([
    ["seconds later", { timeMs: stored.timeMs + 3_000 }],
    ["with an estimate of its own", { reportedCostNanoUsd: 17_500_000n }],
    ["with a name of its own for the model", { model: "claude-sonnet-4-5-20250929" }],
    ["with the lifetimes of writes", { tokens: { cacheWrite5m: 0, cacheWrite1h: 1000 } }],
    ["without telling reasoning apart", { tokens: { reasoning: 7 } }],
  ])("is true of what a gateway says of a client's call %s", (_, changes) => {
    expect(isSameCallSeenTwice(stored, aUsageEvent({ tool: "litellm", ...changes }))).toBe(true);
  });

  test.each<[string, Changes]>([
    ["the same tool, which contradicts itself", { tool: "claude-code" }],
    ["other tokens: one of the two is wrong", { tokens: { output: 457 } }],
    ["a counter, which is no call", { grain: "window" }],
  ])("is false of %s", (_, changes) => {
    expect(isSameCallSeenTwice(stored, aUsageEvent({ tool: "litellm", ...changes }))).toBe(false);
  });

  test("is false of an estimate that the ledger lacks: it may be all that prices the call", () => {
    const sent = aUsageEvent({ tool: "litellm", reportedCostNanoUsd: 1n });

    expect(isSameCallSeenTwice(aUsageEvent(), sent)).toBe(false);
  });
});
