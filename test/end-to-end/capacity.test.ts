import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningStack, runStack } from "../support/running-stack.ts";

let stack: RunningStack;

beforeAll(async () => {
  stack = await runStack();
});
afterAll(() => stack.host.close());

/** A call as coding agents send it: with repository and branch, an agent now and then. */
function aCall(session: string, n: number, second: number) {
  return {
    id: `req_${session}_${n}`,
    time: `2026-10-05T09:12:${String(second).padStart(2, "0")}.120Z`,
    user: "user-017@example.com",
    session: `9d0bbe99-d739-49a1-8651-${session.padStart(12, "0")}`,
    tool: "claude-code",
    provider: "anthropic",
    model: "claude-sonnet-4-5",
    tokens: { input: 123 + n, cacheRead: 220_000 + n * 971, cacheWrite5m: 1000 + n, output: 456 },
    reportedCost: { amount: "0.016959", currency: "USD" },
    repository: "acme/web",
    branch: "feat/cart-totals",
  };
}

async function ledgerUnitsFor(bodies: readonly unknown[][]) {
  stack.host.capacity.reset();
  for (const body of bodies) {
    const answer = await stack.post("/v1/usage", JSON.stringify(body));
    expect(await answer.json()).toMatchObject({ committed: body.length });
  }
  const events = bodies.reduce((sum, body) => sum + body.length, 0);
  return writeUnits("UpdateItem", "LedgerTableName") / events;
}

function writeUnits(operation: string, tableOutput: string): number {
  return stack.host.capacity.units({ operation, table: stack.output(tableOutput) });
}

describe("write units of the ledger", () => {
  test("are one per event for events that come alone: 1.05 at most", async () => {
    const bodies = Array.from({ length: 60 }, (_, n) => [aCall(`${n}`, 0, 0)]);

    expect(await ledgerUnitsFor(bodies)).toBeLessThanOrEqual(1.05);
  });

  test("are a quarter per event, at most, for ten events of a session-minute in one batch", async () => {
    const bodies = Array.from({ length: 30 }, (_, s) =>
      Array.from({ length: 10 }, (_, n) => aCall(`${1000 + s}`, n, n * 5)),
    );

    expect(await ledgerUnitsFor(bodies)).toBeLessThanOrEqual(0.25);
  });

  test("are metered for roll-ups, too, which come once for many events", async () => {
    await stack.host.idle();

    const rolledUp = writeUnits("PutItem", "InsightsTableName");
    expect(rolledUp).toBeGreaterThan(0);
    expect(rolledUp / 300).toBeLessThanOrEqual(0.5);
  });
});
