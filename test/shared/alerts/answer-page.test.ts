import { describe, expect, test } from "vitest";
import type { Alert } from "../../../shared/alerts/alert.ts";
import { type AlertAnswer, ANSWERS, type Answer } from "../../../shared/alerts/alert-answer.ts";
import { emailText } from "../../../shared/alerts/alert-email.ts";
import { answerPage, ERROR_PAGES } from "../../../shared/alerts/answer-page.ts";
import { explain } from "../../../shared/alerts/explanation.ts";
import {
  aDayAlert,
  aFollowUp,
  aSessionAlert,
  aTeamAlert,
  aWindowAlert,
} from "../../support/alerts.ts";
import { textOfPage } from "../../support/html-page.ts";

const LAST_DAY = "2026-11-11";
const given: AlertAnswer = {
  answer: "planned",
  by: "owner-shop",
  via: "link",
  atMs: Date.parse("2026-10-13T08:02:00Z"),
};

function shown(
  alert: Alert,
  {
    followUps = [],
    last,
    earlier = [],
    isRecorded = false,
  }: {
    readonly followUps?: readonly Alert[];
    readonly last?: AlertAnswer;
    readonly earlier?: readonly AlertAnswer[];
    readonly isRecorded?: boolean;
  } = {},
) {
  const answers = last === undefined ? {} : { answers: { last, earlier } };
  const page = answerPage({ alert, followUps, ...answers }, { lastDay: LAST_DAY, isRecorded });
  return { ...page, text: textOfPage(page.main.html) };
}

describe("answerPage", () => {
  test("says what the alert is about, and asks", () => {
    const { text, title } = shown(aWindowAlert());

    expect(title).toBe("What was this spend?");
    expect(text).toContain(
      "$412.50 of AI spend by one person in team-checkout in seven days is unusual for the work delivered. user-017 (a pseudonym) of team-checkout spent $412.50 on AI tools from 2026-10-05 to 2026-10-11 (UTC, both days included).",
    );
    expect(text).toContain("Alert id: week-user-017-2026-10-12");
    expect(text).toContain("works until 2026-11-11 (UTC). Whoever has it can answer.");
  });

  test.each([aWindowAlert(), aSessionAlert(), aDayAlert(), aTeamAlert()])(
    "has one form with the four answers, which goes to the page's own address: $type",
    (alert) => {
      const { html } = shown(alert).main;

      expect(html.match(/<form[^>]*>/g)).toEqual(['<form method="post">']);
      expect(
        [...html.matchAll(/<button name="answer" value="([^"]*)">/g)].map(([, v]) => v),
      ).toEqual(ANSWERS);
      expect(html).not.toMatch(/<(input|textarea|a|img|script|link)\b/);
    },
  );

  test.each([aWindowAlert(), aSessionAlert(), aDayAlert(), aTeamAlert()])(
    "tells no figure and no name that the message does not: $type",
    (alert) => {
      const message = emailText(explain(alert)).replace(/\s+/g, " ");
      const { text } = shown(alert);

      const told = text.match(/[$\w][\w.,-]*\d[\w.,-]*/g) ?? [];
      expect(told.length).toBeGreaterThan(2);
      for (const word of told.filter((each) => each !== LAST_DAY)) {
        expect(message).toContain(word);
      }
    },
  );

  test("an answer that has just come in is confirmed, with when, by whose link, and what it changes", () => {
    const { text, title } = shown(aWindowAlert(), { last: given, isRecorded: true });

    expect(title).toBe("Recorded: planned");
    expect(text).toMatch(
      /^Recorded: planned It was decided on beforehand, such as a migration\. From the next night on, later weeks are measured against these seven days too\. Given 2026-10-13 08:02 UTC, by the link of owner-shop\. /,
    );
    expect(text).toContain("Planned (the answer now)");
  });

  test("an answered alert shows its answer, what it took the place of, and can be answered again", () => {
    const before: AlertAnswer = { answer: "wrong-data", by: "owner-rest", atMs: 1 };
    const { text, title, main } = shown(aWindowAlert(), { last: given, earlier: [before] });

    expect(title).toBe("Answered: planned");
    expect(text).toContain("Before, it was wrong data, by owner-rest.");
    expect(main.html).toContain('<button name="answer" value="waste">');
  });

  test.each<[Alert, Answer, string]>([
    [aWindowAlert(), "waste", "nothing is learnt from these seven days."],
    [aWindowAlert(), "wrong-data", "nothing is learnt from these seven days."],
    [aWindowAlert(), "expected", "later weeks are measured against these seven days too."],
    [aSessionAlert(), "waste", "nothing is learnt from the weeks that this is in."],
    [aDayAlert(), "wrong-data", "nothing is learnt from the weeks that this is in."],
    [aDayAlert(), "expected", "It is kept with the alert, and changes nothing else."],
    [aTeamAlert(), "waste", "It is kept with the alert, and changes nothing else."],
  ])("says what an answer changes, and promises nothing more", (alert, answer, words) => {
    expect(shown(alert, { last: { ...given, answer } }).text).toContain(words);
  });

  test("an alert that was resolved says that it needs no answer, and takes one", () => {
    const { text, title, main } = shown(aWindowAlert(), { followUps: [aFollowUp("resolved")] });

    expect(title).toBe("No answer is needed");
    expect(text).toContain("Resolved: $412.50 of AI spend");
    expect(main.html).toContain("<button");
  });

  test("names of outsiders are text, not markup", () => {
    const hostile = '<img src=x onerror=alert(1)>"&';
    const alert = aSessionAlert({
      id: `session-user-017-${hostile}`,
      unit: { kind: "session", user: "user-017", session: hostile, day: "2026-10-06" },
      team: "<b>team</b>",
    });

    const { main, text } = shown(alert, { last: { ...given, by: "<i>owner</i>" } });

    expect(main.html).not.toMatch(/<(img|b>team|i)\b/);
    expect(text).toContain('session-user-017-<img src=x onerror=alert(1)>"&');
    expect(text).toContain("by the link of <i>owner</i>.");
  });
});

describe("ERROR_PAGES", () => {
  test("hold no form, and say what to do", () => {
    for (const { main, title } of Object.values(ERROR_PAGES)) {
      expect(main.html).toMatch(new RegExp(`^<h1>${title}</h1>\n<p>[A-Z].*\\.</p>$`));
    }
  });
});
