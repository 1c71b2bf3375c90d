import { describe, expect, test } from "vitest";
import { alertsCommand } from "../../../infra/cli/alerts-command.ts";
import type { AlertReview } from "../../../shared/alerts/alert.ts";
import { aFollowUp, aSessionAlert, aWindowAlert } from "../../support/alerts.ts";
import { inMemoryAlertOutbox } from "../../support/in-memory-alert-outbox.ts";
import { recordedTerminal } from "../../support/recorded-terminal.ts";

const NOW_MS = Date.parse("2026-10-13T09:00:00Z");
const WEEK = "week-user-017-2026-10-12";

async function setup() {
  const outbox = inMemoryAlertOutbox();
  await outbox.record(aSessionAlert(), NOW_MS);
  await outbox.record(aWindowAlert(), NOW_MS);
  const run = async (...args: readonly string[]) => {
    const terminal = recordedTerminal();
    await alertsCommand(args, {
      ...terminal,
      connect: () => outbox.register,
      nowMs: () => NOW_MS,
    });
    return terminal;
  };
  return { run, outbox };
}

function laterReview(verdict: "raised"): AlertReview {
  const { review } = aFollowUp(verdict);
  return { ...(review ?? expect.unreachable("a follow-up has a review")), age: "14d" };
}

describe("list", () => {
  test("shows what waits for an answer, with the id to answer it by", async () => {
    const { run } = await setup();

    expect((await run("list")).printed).toEqual([
      "ALERT ID                   TYPE          OWNER       DECIDED     SPENT    ABOVE USUAL  STATE",
      "session-user-017-9d0bbe99  RUNAWAY       owner-shop  2026-10-06  $87.20   $83.10       open",
      "week-user-017-2026-10-12   TOKENMAXXING  owner-shop  2026-10-12  $412.50  $301.21      open",
    ]);
  });

  test("shows whom the message went to, who may be another than it was decided for", async () => {
    const { run, outbox } = await setup();
    await outbox.markSent(WEEK, NOW_MS, { to: "owner-web", messageIds: [] });
    const sent = await run("list");
    await outbox.record(aFollowUp("raised", { owner: "owner-app" }), NOW_MS);
    const before = await run("list");
    await outbox.markSent(aFollowUp("raised").id, NOW_MS, { to: "owner-app", messageIds: [] });

    const after = await run("list");

    expect(sent.printed.at(-1)).toMatch(/TOKENMAXXING +owner-web /);
    expect(before.printed.at(-1)).toMatch(/TOKENMAXXING +owner-web .*raised/);
    expect(after.printed.at(-1)).toMatch(/TOKENMAXXING +owner-app .*raised/);
  });

  test("leaves out what is answered, unless all are asked for", async () => {
    const { run } = await setup();
    await run("answer", WEEK, "planned", "--by", "owner-shop");

    const [open, all] = [await run("list"), await run("list", "--all")];

    expect(open.printed.join()).not.toContain(WEEK);
    expect(all.printed.at(-1)).toMatch(/planned by owner-shop$/);
  });

  test("says of an answer by a link whose link it was", async () => {
    const { run, outbox } = await setup();
    const byLink = { answer: "planned", by: "owner-shop", via: "link", atMs: NOW_MS } as const;
    await outbox.register.answer(aWindowAlert(), byLink);

    expect((await run("list", "--all")).printed.at(-1)).toMatch(
      /planned by the link of owner-shop$/,
    );
  });

  test("a resolved alert waits for nobody, a raised one shows what is at stake by now", async () => {
    const { run, outbox } = await setup();
    await outbox.record(aFollowUp("resolved"), NOW_MS);
    const [open, all] = [await run("list"), await run("list", "--all")];
    await outbox.record(aFollowUp("raised", { review: laterReview("raised") }), NOW_MS);

    const raised = await run("list");

    expect(open.printed.join()).not.toContain(WEEK);
    expect(all.printed.at(-1)).toMatch(/\$12\.50 +resolved after 72h$/);
    expect(raised.printed.at(-1)).toMatch(/\$340\.00 +raised after 14d$/);
  });

  test("says so when nothing waits", async () => {
    const terminal = recordedTerminal();

    await alertsCommand(["list"], {
      ...terminal,
      connect: () => inMemoryAlertOutbox().register,
      nowMs: () => NOW_MS,
    });

    expect(terminal.remarks).toEqual(["No alert waits for an answer."]);
  });
});

describe("answer", () => {
  test("stores who said what and when, and says what it takes the place of", async () => {
    const { run, outbox } = await setup();

    const first = await run("answer", WEEK, "waste", "--by", "user-017");
    const second = await run("answer", WEEK, "expected", "--by", "owner-shop");

    expect(first).toMatchObject({
      printed: [`${WEEK} is answered: waste, by user-017. The next night reads it.`],
      remarks: [],
    });
    expect(second.remarks).toEqual(["It takes the place of: waste, by user-017."]);
    expect(await outbox.register.decidedSince("2026-10-12")).toMatchObject([
      {
        answers: {
          last: { answer: "expected", by: "owner-shop", atMs: NOW_MS },
          earlier: [{ answer: "waste" }],
        },
      },
    ]);
  });

  test("of an alert that does not exist says how to find those that do", async () => {
    const { run } = await setup();

    await expect(run("answer", "week-nobody", "waste", "--by", "user-017")).rejects.toThrow(
      "there is no alert week-nobody of the last 26 weeks: see npm run alerts -- list --all",
    );
  });

  test.each([
    [
      "an answer that is none",
      ["answer", WEEK, "ANSWER", "--by", "user-017"],
      "say waste, expected",
    ],
    ["nobody who answers", ["answer", WEEK, "waste"], "--by must be"],
    [
      "an address, which names a person",
      ["answer", WEEK, "waste", "--by", "a@example.com"],
      "--by",
    ],
    ["no answer at all", ["answer", WEEK, "--by", "user-017"], "Usage:"],
    ["no command", [], "Usage:"],
    ["a list by somebody", ["list", "--by", "user-017"], "Usage:"],
  ])("%s is refused", async (_, args, message) => {
    const { run, outbox } = await setup();

    await expect(run(...args)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message),
    });
    expect(await outbox.register.decidedSince("2026-10-12")).toMatchObject([
      { alert: { id: WEEK } },
    ]);
    expect((await outbox.register.decidedSince("2026-10-12"))[0]?.answers).toBeUndefined();
  });
});
