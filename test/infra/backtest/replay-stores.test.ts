import { describe, expect, test } from "vitest";
import { replayStores } from "../../../infra/backtest/replay-stores.ts";
import { aFollowUp, aWindowAlert } from "../../support/alerts.ts";

const alert = aWindowAlert();

describe("answers in a replay", () => {
  const answers = [
    { alertId: alert.id, answer: "waste", by: "owner-shop", atMs: 10 },
    { alertId: alert.id, answer: "planned", by: "owner-shop", atMs: 20 },
    { alertId: "week-of-nobody", answer: "waste", by: "owner-shop", atMs: 0 },
  ] as const;

  test.each([
    [9, undefined],
    [10, "waste"],
    [20, "planned"],
  ])("at %d ms the last answer known is %s", async (nowMs, answer) => {
    const { outbox, register } = replayStores({ outcomes: [], answers }, () => nowMs);
    await outbox.record(alert, 0);

    const cases = await register.decidedSince("2026-10-12");

    expect(cases.map((each) => each.answers?.last.answer)).toEqual([answer]);
  });

  test("alerts of earlier days are not asked for", async () => {
    const { outbox, register } = replayStores({ outcomes: [], answers }, () => 20);
    await outbox.record(alert, 0);

    expect(await register.decidedSince("2026-10-13")).toEqual([]);
  });
});

test("a follow-up is told once at an age, keeps nothing quiet, and is known to the next night", async () => {
  const { outbox, register, alerts, followUps } = replayStores(
    { outcomes: [], answers: [] },
    () => 0,
  );
  await outbox.record(alert, 0);

  const recorded = [
    await outbox.record(aFollowUp("resolved"), 0),
    await outbox.record(aFollowUp("raised"), 0),
  ];

  expect(recorded).toEqual([true, false]);
  expect(alerts()).toEqual([alert]);
  expect(followUps()).toEqual([aFollowUp("resolved")]);
  expect(await outbox.recentAsOf("TOKENMAXXING", "user-017", alert.asOfMs + 1)).toEqual([]);
  expect(await register.decidedSince("2026-10-12")).toEqual([
    { alert, followUps: [aFollowUp("resolved")] },
  ]);
});
