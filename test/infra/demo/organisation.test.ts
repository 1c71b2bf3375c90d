import { calcPrice } from "@pydantic/genai-prices";
import { describe, expect, test } from "vitest";
import { ENDS_MS, MINUTE_MS, STARTS_MS, weekStartMs } from "../../../infra/demo/calendar.ts";
import { listCostUsd, MODELS } from "../../../infra/demo/model-calls.ts";
import { makeOrganisation } from "../../../infra/demo/organisation.ts";
import type { Session } from "../../../infra/demo/work.ts";
import { sessionStartMs } from "../../../infra/demo/work.ts";

const SEED = 1;
const organisation = makeOrganisation(SEED);
const { changes, people, sessions, truths } = organisation;
const calls = sessions.flatMap((session) => session.calls);

function costOf(session: Session): number {
  return session.calls.reduce((total, call) => total + listCostUsd(call.model, call.tokens), 0);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function sessionsOf(login: string, from: string, to: string): readonly Session[] {
  return sessions.filter(
    (session) =>
      session.person.login === login &&
      sessionStartMs(session) >= Date.parse(from) &&
      sessionStartMs(session) < Date.parse(to),
  );
}

describe("makeOrganisation", () => {
  test("the same seed makes the same organisation, and another seed another one", () => {
    const text = JSON.stringify(organisation);

    expect(JSON.stringify(makeOrganisation(SEED))).toBe(text);
    expect(JSON.stringify(makeOrganisation(SEED + 1))).not.toBe(text);
  });

  test("is as large as the demo promises: 40 people in 4 teams, 12 weeks, over 20,000 calls", () => {
    expect(people.map((person) => person.email)).toContain("user-040@example.com");
    expect(people).toHaveLength(40);
    expect(new Set(people.map((person) => person.team.id)).size).toBe(4);
    expect(calls.length).toBeGreaterThan(26_000);
    expect(calls.length).toBeLessThan(30_000);
    expect(Math.min(...calls.map((call) => call.timeMs))).toBeGreaterThanOrEqual(STARTS_MS);
    expect(sessionStartMs(sessions.at(-1) as Session)).toBeLessThan(ENDS_MS);
  });

  test.each([1, 2, 3])("seed %i: every call has an identity of its own", (seed) => {
    const all = makeOrganisation(seed).sessions.flatMap((session) => session.calls);

    expect(new Set(all.map((call) => call.id)).size).toBe(all.length);
  });

  test("tokens are whole and not negative, and no request leaves the base price's context", () => {
    for (const { tokens } of calls) {
      const context = tokens.input + tokens.cacheRead + tokens.cacheWrite;
      expect(
        Object.values(tokens).every((count) => Number.isSafeInteger(count) && count >= 0),
      ).toBe(true);
      expect(context).toBeLessThanOrEqual(200_000);
      expect(tokens.output).toBeLessThan(64_000);
    }
  });

  test("the list price of a session's tokens is the cost that was drawn for it, within 1 %", () => {
    for (const session of sessions) {
      expect(Math.abs(costOf(session) / session.drawnCostUsd - 1)).toBeLessThan(0.01);
    }
  });

  test.each(MODELS)("%s: the demo's list price is that of the price book", (model) => {
    const tokens = { input: 120, cacheRead: 80_000, cacheWrite: 9_000, output: 700 };

    const price = calcPrice(
      {
        input_tokens: tokens.input + tokens.cacheRead + tokens.cacheWrite,
        cache_read_tokens: tokens.cacheRead,
        cache_write_tokens: tokens.cacheWrite,
        output_tokens: tokens.output,
      },
      model,
      { providerId: "anthropic", timestamp: new Date(STARTS_MS) },
    );

    expect(listCostUsd(model, tokens)).toBeCloseTo(price?.total_price as number, 12);
  });

  test("most tokens are cache reads, and they grow over a session, as with a real client", () => {
    const reads = calls.reduce((total, call) => total + call.tokens.cacheRead, 0);
    const all = calls.reduce(
      (total, { tokens }) => total + tokens.input + tokens.cacheRead + tokens.cacheWrite,
      0,
    );
    const long = sessions.filter((session) => session.calls.length >= 6);
    const growing = long.filter(
      ({ calls: [first, second] }) =>
        (first?.tokens.cacheRead ?? 0) < (second?.tokens.cacheRead ?? 0),
    );

    expect(reads / all).toBeGreaterThan(0.6);
    expect(growing.length / long.length).toBeGreaterThan(0.8);
  });

  test("a session has some ten calls, several of them in one minute", () => {
    const minutes = sessions.map(
      (session) => new Set(session.calls.map((call) => Math.floor(call.timeMs / MINUTE_MS))).size,
    );
    const perMinute = calls.length / minutes.reduce((total, count) => total + count, 0);

    expect(median(sessions.map((session) => session.calls.length))).toBeGreaterThanOrEqual(8);
    expect(median(sessions.map((session) => session.calls.length))).toBeLessThanOrEqual(14);
    expect(perMinute).toBeGreaterThan(4);
  });

  test("calls of a session are in order of time, so that its telemetry is", () => {
    for (const session of sessions) {
      const times = session.calls.map((call) => call.timeMs);
      expect(times.toSorted((a, b) => a - b)).toEqual(times);
    }
  });
});

describe("changes", () => {
  const merged = changes.filter(
    (change) => change.closes?.merged === true && change.closes.timeMs < ENDS_MS,
  );

  test("are numbered once per repository, in order of opening", () => {
    for (const list of Map.groupBy(changes, (change) => change.repository).values()) {
      expect(list.map((change) => change.number)).toEqual(list.map((_, index) => 1_000 + index));
      const opened = list.map((change) => change.openedMs);
      expect(opened.toSorted((a, b) => a - b)).toEqual(opened);
    }
  });

  test("hold commits that sessions made, on the branch that they are merged from", () => {
    const branchOf = new Map(
      sessions.flatMap((session) =>
        session.commits.map((commit) => [commit.sha, session.branch] as const),
      ),
    );

    for (const change of merged.filter((each) => each.reverts === undefined)) {
      expect(branchOf.get(change.headSha)).toBe(change.branch);
    }
  });

  test("merge a day later at the median, most are deployed, some are open at the end", () => {
    const lags = merged.map((change) => (change.closes?.timeMs ?? 0) - change.openedMs);
    const open = changes.filter((change) => (change.closes?.timeMs ?? ENDS_MS) >= ENDS_MS);

    expect(median(lags) / 3_600_000).toBeGreaterThan(12);
    expect(median(lags) / 3_600_000).toBeLessThan(48);
    expect(merged.filter((change) => change.deployed).length / merged.length).toBeGreaterThan(0.75);
    expect(open.length).toBeGreaterThan(10);
  });

  test("a revert names a change that was merged before it", () => {
    const reverts = changes.filter((change) => change.reverts !== undefined);

    expect(reverts.length).toBeGreaterThan(3);
    for (const revert of reverts) {
      const undone = changes.find(
        (change) =>
          change.repository === revert.repository && change.number === revert.reverts?.number,
      );
      expect(undone?.mergeSha).toBe(revert.reverts?.mergeSha);
      expect(undone?.closes?.timeMs).toBeLessThan(revert.openedMs);
      expect(revert.body).toBe(`Reverts ${revert.repository}#${undone?.number}`);
    }
  });
});

describe("truths", () => {
  const waste = truths.filter((truth) => truth.waste);

  test("three kinds of waste are put in, by different people, in the last weeks", () => {
    expect(new Set(waste.map((truth) => truth.kind))).toEqual(
      new Set(["idle-loop", "needless-agents", "dear-model"]),
    );
    expect(new Set(waste.map((truth) => truth.user)).size).toBeGreaterThanOrEqual(5);
    for (const truth of waste) {
      expect(Date.parse(truth.from)).toBeGreaterThanOrEqual(weekStartMs(9));
      expect(Date.parse(truth.to)).toBeLessThanOrEqual(ENDS_MS);
    }
  });

  test("what was wasted costs more than such a person's usual week, or nobody should be told", () => {
    const usualWeek = median(
      people.map(
        ({ login }) =>
          sessionsOf(login, "2026-08-10", "2026-10-05").reduce((t, each) => t + costOf(each), 0) /
          8,
      ),
    );

    for (const truth of waste) {
      const cost = sessionsOf(truth.user, truth.from, truth.to).reduce((t, s) => t + costOf(s), 0);
      expect(cost).toBeGreaterThan(2 * usualWeek);
    }
  });

  test("the launching team spends and delivers more, which is no waste", () => {
    const launch = truths.find((truth) => truth.kind === "launch-week");
    const from = Date.parse(launch?.from ?? "");
    const to = Date.parse(launch?.to ?? "");
    const team = sessions.filter((session) => session.person.team.id === launch?.user);
    const inWeek = (session: Session) =>
      sessionStartMs(session) >= from && sessionStartMs(session) < to;
    const week = team.filter(inWeek);
    const before = team.filter((session) => sessionStartMs(session) < weekStartMs(9));

    const cost = (list: readonly Session[]) => list.reduce((t, each) => t + costOf(each), 0);
    const delivered = (list: readonly Session[]) => list.filter((each) => each.succeeded).length;

    expect(launch?.waste).toBe(false);
    expect(cost(week)).toBeGreaterThan(1.6 * (cost(before) / 8));
    expect(delivered(week)).toBeGreaterThan(1.6 * (delivered(before) / 8));
  });

  test("whoever comes back from vacation spent nothing while away", () => {
    const back = truths.find((truth) => truth.kind === "back-from-vacation");

    expect(sessionsOf(back?.user ?? "", "2026-09-28", back?.from ?? "")).toEqual([]);
    expect(sessionsOf(back?.user ?? "", back?.from ?? "", back?.to ?? "").length).toBeGreaterThan(
      3,
    );
  });

  test("the new joiner has no session before the first day", () => {
    const joiner = truths.find((truth) => truth.kind === "new-joiner");

    expect(sessionsOf(joiner?.user ?? "", "2026-08-10", joiner?.from ?? "")).toEqual([]);
    expect(joiner?.from).toBe("2026-10-05");
  });
});
