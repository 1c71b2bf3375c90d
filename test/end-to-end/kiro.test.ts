import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fixture, type RunningStack, runStack } from "../support/running-stack.ts";

/** 41.37 + 12.5 + 1480.02 credits and 930.4 of overage, in millionths. */
const USED = 1_533_890_000;
const OVERAGE = 930_400_000;

type Body = {
  readonly resourceMetrics: readonly [
    { readonly scopeMetrics: readonly [{ readonly metrics: readonly object[] }] },
  ];
};

let stack: RunningStack;

beforeAll(async () => {
  stack = await runStack();
});
afterAll(() => stack.host.close());

const post = (path: string, body: object) => stack.post(path, JSON.stringify(body));
const sample = (): Body => JSON.parse(fixture("kiro/daily.metrics.json").toString());

/** The sample with some of its metrics only, as a collector cuts an export. */
function partOf(names: readonly string[]): Body {
  const body = sample();
  const [resource] = body.resourceMetrics;
  const [scope] = resource.scopeMetrics;
  const metrics = scope.metrics.filter(
    (metric) => "name" in metric && names.includes(`${metric.name}`),
  );
  return { resourceMetrics: [{ ...resource, scopeMetrics: [{ ...scope, metrics }] }] };
}

async function credits() {
  const days = await stack.userDays();
  const lines = days.flatMap((day) => day.lines.filter(({ tool }) => tool === "kiro"));
  return {
    users: days.length,
    calls: lines.reduce((sum, line) => sum + line.calls, 0),
    used: lines.reduce((sum, line) => sum + (line.credits?.used ?? 0), 0),
    overage: lines.reduce((sum, line) => sum + (line.credits?.overage ?? 0), 0),
  };
}

describe("Kiro's daily metrics", () => {
  test("that come in part are right as soon as all of them are there, in whatever order and however often", async () => {
    for (const part of [
      ["kiro.daily.overage_credits"],
      ["kiro.daily.messages", "kiro.daily.credits"],
    ]) {
      expect((await post("/v1/metrics", partOf(part))).status).toBe(200);
    }
    for (const _ of ["again", "and again"]) {
      const answer = await post("/v1/metrics", sample());
      expect([answer.status, await answer.json()]).toEqual([200, {}]);
    }

    await stack.host.idle();
    expect(await credits()).toEqual({ users: 2, calls: 3, used: USED, overage: OVERAGE });
  });

  test("stated again later replace what was said, and an old copy that comes late changes nothing", async () => {
    const later = JSON.parse(
      JSON.stringify(partOf(["kiro.daily.credits"]))
        .replaceAll("1795219200000000000", "1795226400000000000")
        .replaceAll("41.37", "43.37"),
    );

    await post("/v1/metrics", later);
    await post("/v1/metrics", sample());

    await stack.host.idle();
    expect(await credits()).toEqual({
      users: 2,
      calls: 3,
      used: USED + 2_000_000,
      overage: OVERAGE,
    });
  });

  test("are the money, and the events of the same day are beside them", async () => {
    const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });
    const message = (n: number) => ({
      timeUnixNano: `${BigInt(Date.UTC(2026, 10, 20, 9, n)) * 1_000_000n}`,
      attributes: [
        attribute("event.name", "kiro.chat.message"),
        attribute("kiro.user.id", "90671234-5678-4abc-9def-000000000001"),
        attribute("kiro.user.email", "jdoe@example.com"),
        attribute("kiro.request.id", `request-${n}`),
        attribute("kiro.conversation.id", "conversation-1"),
        attribute("kiro.unknown", "canary"),
      ],
    });
    const resource = { attributes: [attribute("service.name", "kiro-enterprise")] };
    const before = await credits();

    const answer = await post("/v1/logs", {
      resourceLogs: [
        { resource, scopeLogs: [{ logRecords: [message(1), message(2), message(1)] }] },
      ],
    });

    expect([answer.status, await answer.json()]).toEqual([200, {}]);
    await stack.host.idle();
    expect(await credits()).toEqual(before);
    const others = (await stack.userDays()).flatMap((day) => day.otherGrain ?? []);
    expect(others.map(({ tool, calls }) => [tool, calls])).toEqual([["kiro", 2]]);
    const kept = [await stack.everythingStored(), ...stack.host.logs()].join("\n");
    expect(kept).not.toMatch(/canary|jdoe|90671234/);
  });
});
