import { describe, expect, test } from "vitest";
import { foldPersonDay } from "../../../shared/ledger/fold-user-day.ts";
import { REQUESTS_FIRST } from "../../../shared/ledger/grain-authority.ts";
import type { UsageEvent } from "../../../shared/usage/usage-event.ts";
import { aUsageEvent, flatPriceBook } from "../../support/usage-event-builder.ts";

const DAY = "2026-10-05";
const AT = Date.UTC(2026, 9, 5, 9, 12, 33);
const NAMES = ["key", "mail"];
const rules = {
  priceBook: flatPriceBook({ "claude-sonnet-4-5": 1_000n }),
  authority: REQUESTS_FIRST,
};

/** Calls by name, and the sessions that each name has. */
function folded(...entries: readonly UsageEvent[]) {
  return Object.fromEntries(
    foldPersonDay(NAMES, DAY, entries, rules).map(({ userDay, sessionDays }) => [
      userDay.user,
      [userDay.calls, sessionDays.map(({ session }) => session)],
    ]),
  );
}

const byMail = aUsageEvent({ user: "mail", session: "client", timeMs: AT });
const byKey = aUsageEvent({ user: "key", session: "gateway", tool: "litellm", timeMs: AT + 900 });

describe("foldPersonDay", () => {
  test.each([
    ["the client's first", [byMail, byKey]],
    ["the gateway's first", [byKey, byMail]],
  ])("books a call that two names state on the earlier one, %s", (_, entries) => {
    expect(folded(...entries)).toEqual({ mail: [1, ["client"]], key: [0, []] });
  });

  test("books a call of one moment and session by the order of the names", () => {
    const same = { timeMs: AT, session: "s1" };

    expect(folded({ ...byMail, ...same }, { ...byKey, ...same })).toEqual({
      key: [1, ["s1"]],
      mail: [0, []],
    });
  });

  test("leaves different calls of two names on each", () => {
    expect(folded(byMail, { ...byKey, id: "anthropic:req_2" })).toEqual({
      key: [1, ["gateway"]],
      mail: [1, ["client"]],
    });
  });

  test("adds what the other name knows of the call: its estimate prices a model that no list knows", () => {
    const call = { model: "unheard-of" };
    const days = foldPersonDay(
      NAMES,
      DAY,
      [
        { ...byMail, ...call },
        { ...byKey, ...call, reportedCostNanoUsd: 42n },
      ],
      rules,
    );

    expect(days.map(({ userDay }) => [userDay.user, userDay.costNanoUsd])).toEqual([
      ["key", 0n],
      ["mail", 42n],
    ]);
  });

  test("believes the calls of one name over the day's row of another, which is kept to compare", () => {
    const row = aUsageEvent({
      id: "row@1",
      user: "key",
      grain: "day",
      session: "-",
      revision: { of: "row", asOfMs: 1 },
    });
    const [key, mail] = foldPersonDay(NAMES, DAY, [byMail, row], rules);

    expect([key?.userDay.calls, mail?.userDay.calls]).toEqual([0, 1]);
    expect(key?.userDay.otherGrain).toMatchObject([{ calls: 1, grain: "day" }]);
    expect(mail?.userDay).not.toHaveProperty("otherGrain");
  });

  test("counts a row once that its report has given to another name in the meantime: the latest stands", () => {
    const row = (user: string, asOfMs: number) =>
      aUsageEvent({
        id: `row@${asOfMs}`,
        user,
        grain: "day",
        session: "-",
        revision: { of: "row", asOfMs },
      });

    expect(folded(row("mail", 1), row("key", 2))).toEqual({ key: [1, ["-"]], mail: [0, []] });
  });

  test("keeps the counters of two machines apart, which can have the same name", () => {
    const counter = (user: string) =>
      aUsageEvent({
        id: "tokens@1",
        user,
        grain: "window",
        session: "-",
        reportedCostNanoUsd: 5n,
        revision: { of: "tokens", asOfMs: 1 },
      });

    expect(folded(counter("mail"), counter("key"))).toEqual({ key: [1, ["-"]], mail: [1, ["-"]] });
  });

  test("rests the value of each name on the entries of all, and says which names those are", () => {
    const days = foldPersonDay(NAMES, DAY, [byMail, byKey], rules);

    expect(days.map(({ userDay }) => userDay.version)).toEqual([
      { entries: 2, priceBook: "flat-1", names: "key mail" },
      { entries: 2, priceBook: "flat-1", names: "key mail" },
    ]);
    expect(foldPersonDay(["mail"], DAY, [byMail], rules)[0]?.userDay.version).toEqual({
      entries: 1,
      priceBook: "flat-1",
    });
  });
});
