import { describe, expect, test } from "vitest";
import { aboutWhom } from "../../../shared/alerts/alert.ts";
import { alertFromJson, alertToJson } from "../../../shared/alerts/alert-codec.ts";
import { emailText } from "../../../shared/alerts/alert-email.ts";
import { chatNotification } from "../../../shared/alerts/chat-notification.ts";
import { explain } from "../../../shared/alerts/explanation.ts";
import { aFollowUp, aWindowAlert } from "../../support/alerts.ts";

describe("a follow-up", () => {
  test("that resolves an alert reads so", () => {
    expect(emailText(explain(aFollowUp("resolved")))).toBe(RESOLVED_EMAIL);
  });

  test("that raises one says what was undone, what is at stake and how to answer the alert itself", () => {
    const explanation = explain(aFollowUp("raised"));
    const email = emailText(explanation).replace(/\s+/g, " ");

    expect(explanation.subject).toBe(
      "Outpace: raised, $412.50, team-checkout, 2026-10-05 to 2026-10-11",
    );
    expect(email).toContain("is more unusual than last told, as delivered work was undone.");
    expect(email).toContain("1.5 units of delivered work were credited; now it is 0.5 units.");
    expect(email).toContain(
      "Undone since: - WEB-77: 1 unit less, as it was reverted or rolled back",
    );
    expect(email).toContain("$340.00 is above what such work usually takes, after $301.21 then.");
    expect(email).toContain("npm run alerts -- answer week-user-017-2026-10-12 ANSWER --by");
  });

  test.each([
    { cause: "incident" as const, words: "an incident in production named it" },
    {
      cause: "incident-among-others" as const,
      words: "it was reverted or rolled back, and an incident in production named some of it",
    },
  ])("names an incident that took credit back: $cause", ({ cause, words }) => {
    const { review, ...raised } = aFollowUp("raised");
    const changes = [{ kind: "undone" as const, task: "WEB-77", credit: 1, cause }];
    const alert = { ...raised, ...(review && { review: { ...review, changes } }) };

    const email = emailText(explain(alertFromJson(alertToJson(alert)))).replace(/\s+/g, " ");

    expect(email).toContain(`WEB-77: 1 unit less, as ${words}`);
  });

  test.each(["resolved", "raised"] as const)(
    "that is %s names no person in subject and headline, and accuses nobody",
    (verdict) => {
      const alert = aFollowUp(verdict);
      const explanation = explain(alert);

      expect(`${explanation.subject} ${explanation.headline}`).not.toContain(aboutWhom(alert.unit));
      expect(emailText(explanation)).not.toMatch(/game|cheat|abus|burn|culprit|worst|rank/i);
    },
  );

  test("goes into the thread of its alert, under a title of its own", () => {
    const [alert, followUp] = [aWindowAlert(), aFollowUp("resolved")].map((each) =>
      chatNotification(each, explain(each)),
    );

    expect(followUp?.metadata.threadId).toBe(alert?.metadata.threadId);
    expect(followUp?.content.title).toBe("An alert is resolved");
  });

  test("shortens a long list of work, and says by how much", () => {
    const { review } = aFollowUp("resolved");
    const changes = Array.from({ length: 20 }, (_, at) => {
      return { kind: "delivered", task: `WEB-${at}`, credit: 1 } as const;
    });

    const email = emailText(
      explain(
        aFollowUp("resolved", { ...(review !== undefined && { review: { ...review, changes } }) }),
      ),
    );

    expect(email).toContain("- WEB-7: 1 unit more\n- and 12 more like these\n");
  });
});

test("a week that is alerted only at a later age says why only now", () => {
  const { review } = aFollowUp("raised");
  const { of: _, ...opened } = review ?? expect.unreachable("a follow-up has a review");

  const email = emailText(
    explain(aWindowAlert({ review: { ...opened, verdict: "opened" } })),
  ).replace(/\s+/g, " ");

  expect(email).toContain(
    "WHAT CHANGED At the first look, 1.5 units of delivered work were credited;",
  );
  expect(email).toContain("Undone since: - WEB-77: 1 unit less");
  expect(email).toContain("WHAT DROVE IT");
});

const RESOLVED_EMAIL = `Resolved: $412.50 of AI spend by one person in team-checkout in seven days
is no longer unusual for the work delivered.

WHAT CHANGED
It is about user-017 (a pseudonym) of team-checkout. When it was last told,
1.5 units of delivered work were credited; now it is 4 units. Of the spend,
$12.50 is above what such work usually takes, after $301.21 then. Delivered
work counts as it was known 72 hours after the period. Delivered since:
- WEB-90: 1 unit more, delivered by 2026-10-14
- WEB-92: 1 unit more, delivered by 2026-10-13
- WEB-81: 0.5 units more

WHAT IS USUAL
Comparable people (team-checkout feature-work) who delivered as much spent
$331.20 in the typical (median) case, and eight of ten between $155.90 and
$661.75. This is 1.2 times the typical case. The same person usually spends
$141.10 in such a period.

WHAT FOLLOWS
Nothing has to be done: the alert is closed, and the week counts among the
usual ones. The week is looked at once more 14 days after its end: if this
work is undone by then, and that changes the judgement, you are told. Alert
id: week-user-017-2026-10-12
`;
