import { describe, expect, test } from "vitest";
import { emailSubject, emailText } from "../../../shared/alerts/alert-email.ts";
import { explain } from "../../../shared/alerts/explanation.ts";
import { anEvidence, aSessionAlert, aWindowAlert } from "../../support/alerts.ts";
import { HOSTILE_NAMES } from "../../support/hostile-names.ts";

/** What SNS documents for `Subject` of Publish, in its strictest form. */
const ACCEPTED_SUBJECT = /^[A-Za-z][\x20-\x7e]{0,98}$/;

describe("emailSubject", () => {
  test("tells what, how much, which team and when", () => {
    expect(emailSubject(explain(aWindowAlert()))).toBe(
      "Outpace: spend unusual for delivered work, $412.50, team-checkout, 2026-10-05 to 2026-10-11",
    );
    expect(emailSubject(explain(aSessionAlert()))).toBe(
      "Outpace: one AI session at $87.20, team-checkout, 2026-10-06",
    );
  });

  test.each(HOSTILE_NAMES)(
    "is one that SNS accepts for a team called %j, because SNS refuses the whole message otherwise",
    (team) => {
      for (const alert of [aWindowAlert({ team }), aSessionAlert({ team })]) {
        expect(emailSubject(explain(alert))).toMatch(ACCEPTED_SUBJECT);
      }
    },
  );

  test.each([
    ["Überschrift — naïve", "Uberschrift naive"],
    ["12 alerts", "alerts"],
    ["a\r\nBcc: b", "a Bcc: b"],
    ["日本", "Outpace"],
    [`a${"b".repeat(200)}`, `a${"b".repeat(98)}`],
  ])("%j becomes %j", (subject, accepted) => {
    expect(emailSubject({ subject })).toBe(accepted);
    expect(accepted).toMatch(ACCEPTED_SUBJECT);
  });
});

describe("emailText", () => {
  test("lines fit into a mail window", () => {
    const lines = emailText(explain(aWindowAlert())).split("\n");

    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(76);
  });

  test.each(HOSTILE_NAMES)("%j forges no line and becomes no link", (name) => {
    const harmless = emailText(explain(aWindowAlert({ evidence: evidenceNaming("x") })));

    const text = emailText(explain(aWindowAlert({ evidence: evidenceNaming(name) })));

    expect(text).not.toMatch(/:\/\/|www\.|evil\.example/);
    expect(text).not.toMatch(/[^\n\P{C}]/u);
    expect(headingsOf(text)).toEqual(headingsOf(harmless));
  });
});

function evidenceNaming(name: string) {
  return anEvidence({
    delivery: {
      credit: 1,
      counted: [{ task: name, credit: 1, state: "provisional" }],
      notCounted: [{ id: name, reason: name }],
    },
    expected: { ...anEvidence().expected, cohort: name },
    signals: [{ signal: name, z: 1, value: 1, usual: 1, share: 1 }],
    topSessions: [{ session: name, costNanoUsd: 1n }],
  });
}

/** Lines that start a section: upper case, after an empty line. */
function headingsOf(text: string): readonly string[] {
  return [...text.matchAll(/\n\n([^\n]*)/g)].map(([, heading = ""]) => heading);
}
