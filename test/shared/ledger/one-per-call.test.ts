import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { onePerCall } from "../../../shared/ledger/one-per-call.ts";
import type { UsageEvent } from "../../../shared/usage/usage-event.ts";
import { aUsageEvent } from "../../support/usage-event-builder.ts";

const NINE = Date.UTC(2026, 9, 5, 9);
const at = (seconds: number) => NINE + seconds * 1_000;

function ids(entries: readonly UsageEvent[]): readonly string[] {
  return onePerCall(entries).map(({ id }) => id);
}

describe("onePerCall", () => {
  test("adds to a call what other sources know of it, whoever told first", () => {
    const telemetry = aUsageEvent({
      id: "r1",
      timeMs: at(1),
      reportedCostNanoUsd: 5n,
      tier: "fast",
      tokens: { cacheWrite5m: 1_000, cacheWrite1h: 0 },
    });
    const transcript = aUsageEvent({
      id: "r1",
      timeMs: at(0),
      response: "m1",
      tokens: { cacheWrite5m: 0, cacheWrite1h: 1_000 },
    });

    const [call, ...others] = onePerCall([telemetry, transcript]);

    expect(others).toEqual([]);
    expect(onePerCall([transcript, telemetry])).toEqual([call]);
    expect(call).toMatchObject({
      timeMs: at(0),
      response: "m1",
      reportedCostNanoUsd: 5n,
      tier: "fast",
      tokens: { cacheWrite5m: 0, cacheWrite1h: 1_000 },
    });
  });

  test("adds nothing of a source that counts other tokens: it may mean another thing", () => {
    const [call] = onePerCall([
      aUsageEvent({ id: "r1", timeMs: at(0), tokens: { output: 50 } }),
      aUsageEvent({ id: "r1", timeMs: at(1), tokens: { output: 51 }, reportedCostNanoUsd: 5n }),
    ]);

    expect(call).not.toHaveProperty("reportedCostNanoUsd");
  });

  test("counts a response once, though a sub-agent's replay has another request id", () => {
    const own = aUsageEvent({ id: "r1", timeMs: at(5), response: "m1" });
    const replay = aUsageEvent({ id: "r2", timeMs: at(0), response: "m1", agent: "aside" });

    expect(ids([replay, own])).toEqual(["r1"]);
  });

  test("counts the replay that knows more, where the session's own call is not there", () => {
    const partial = aUsageEvent({ id: "r1", response: "m1", agent: "a", tokens: { output: 1 } });
    const whole = aUsageEvent({ id: "r2", response: "m1", agent: "b", tokens: { output: 90 } });

    expect(ids([partial, whole])).toEqual(["r2"]);
  });

  test("counts the calls of sub-agents (ccstats 85)", () => {
    expect(
      ids([
        aUsageEvent({ id: "r1", timeMs: at(0), response: "m1" }),
        aUsageEvent({ id: "r2", timeMs: at(1), response: "m2", agent: "a" }),
      ]),
    ).toEqual(["r1", "r2"]);
  });

  test("counts the history of a session once, in however many forks it stands (ccusage 950, 1349, 1728)", () => {
    const history = (session: string, agent?: string) =>
      [1, 2, 3].map((n) =>
        aUsageEvent({
          id: `r${n}`,
          timeMs: at(n),
          session,
          response: `m${n}`,
          ...(agent && { agent }),
        }),
      );
    const forks = Array.from({ length: 90 }, (_, fork) => history(`fork-${fork}`, "worker"));

    expect(ids([...forks.flat(), ...history("session")])).toEqual(["r1", "r2", "r3"]);
  });

  describe("where one source names the response and another names no call", () => {
    const named = (id: string, seconds: number, overrides = {}) =>
      aUsageEvent({ id, tool: "codex", timeMs: at(seconds), response: `of-${id}`, ...overrides });
    const unnamed = (id: string, seconds: number, overrides = {}) =>
      aUsageEvent({ id, tool: "codex", timeMs: at(seconds), ...overrides });

    test("takes two calls of a session with the same counts and moment for one", () => {
      expect(ids([unnamed("log", 0), named("rollout", 1)])).toEqual(["rollout"]);
    });

    test("pairs them one by one: three that were logged and two in the rollout are three", () => {
      const calls = onePerCall([
        ...[0, 1, 2].map((second) => unnamed(`log-${second}`, second)),
        ...[0, 1].map((second) => named(`rollout-${second}`, second)),
      ]);

      expect(calls).toHaveLength(3);
    });

    test.each([
      ["other counts", { tokens: { output: 1 } }],
      ["another model", { model: "gpt-5.1-codex-mini" }],
      ["another session", { session: "another" }],
      ["another tool", { tool: "litellm" }],
      ["another moment", { timeMs: at(60) }],
    ])("counts both with %s", (_, overrides) => {
      expect(ids([unnamed("log", 0, overrides), named("rollout", 0)])).toHaveLength(2);
    });

    test("knows a sub-agent that is a session of its own to the other source", () => {
      const log = unnamed("log", 0, { session: "thread-b" });
      const rollout = named("rollout", 0, { session: "thread-a", agent: "thread-b" });

      expect(onePerCall([log, rollout]).map(({ session }) => session)).toEqual(["thread-a"]);
    });

    test("never takes two of the same source for one", () => {
      expect(ids([named("a", 0), named("b", 0)])).toHaveLength(2);
      expect(ids([unnamed("a", 0), unnamed("b", 0)])).toHaveLength(2);
    });
  });

  test("gives the same for any order", () => {
    const entries = [
      aUsageEvent({ id: "r1", timeMs: at(0), response: "m1" }),
      aUsageEvent({ id: "r1", timeMs: at(2), reportedCostNanoUsd: 7n }),
      aUsageEvent({ id: "r2", timeMs: at(1), response: "m1", agent: "aside" }),
      aUsageEvent({ id: "r3", timeMs: at(3) }),
      aUsageEvent({ id: "r4", timeMs: at(4), response: "m4" }),
      aUsageEvent({ id: "r5", timeMs: at(5) }),
    ];
    const expected = onePerCall(entries);

    fc.assert(
      fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (shuffled) => {
        expect(onePerCall(shuffled)).toEqual(expected);
      }),
    );
  });
});
