import { describe, expect, test } from "vitest";
import { chatNotification } from "../../../shared/alerts/chat-notification.ts";
import { explain } from "../../../shared/alerts/explanation.ts";
import { anEvidence, aSessionAlert, aWindowAlert } from "../../support/alerts.ts";
import { HOSTILE_NAMES } from "../../support/hostile-names.ts";

function notificationOf(alert: Parameters<typeof explain>[0]) {
  return chatNotification(alert, explain(alert));
}

describe("chatNotification", () => {
  test("has the shape that Amazon Q asks for, because it drops any other without an error", () => {
    expect(notificationOf(aWindowAlert())).toEqual({
      version: "1.0",
      source: "custom",
      id: "week-user-017-2026-10-12",
      content: {
        textType: "client-markdown",
        title: "AI spend is unusual for the work delivered",
        description: expect.stringContaining("*What happened*\n`user-017` (a pseudonym) of"),
        nextSteps: expect.arrayContaining([expect.stringMatching(/^\$152\.75 less/)]),
        keywords: ["ai-spend", "team-checkout"],
      },
      metadata: {
        threadId: "window-user-017-2026-10-05",
        summary:
          "$412.50 of AI spend by one person in team-checkout in seven days is unusual for the work delivered.",
        eventType: "TOKENMAXXING",
        additionalContext: {
          alertId: "week-user-017-2026-10-12",
          budgetOwner: "owner-shop",
        },
      },
    });
  });

  test("says the same as the e-mail", () => {
    const { description } = notificationOf(aWindowAlert()).content;

    expect(description).toContain(
      "• Calls that repeat an earlier one: 41 % against a usual 8 % (15 % of the evidence)",
    );
    expect(description).toContain(
      "$412.50 = $111.29 that such work usually takes + $301.21 above it.",
    );
  });

  test("messages about one session share a thread, those about another do not", () => {
    const later = aSessionAlert({ id: "another-alert", asOfMs: 0 });
    const other = aSessionAlert({
      unit: { kind: "session", user: "user-017", session: "ffff0000", day: "2026-10-06" },
    });
    const threadOf = (alert: typeof later) => notificationOf(alert).metadata.threadId;

    expect(threadOf(later)).toBe(threadOf(aSessionAlert()));
    expect(threadOf(other)).not.toBe(threadOf(aSessionAlert()));
  });

  test.each(HOSTILE_NAMES)("%j mentions nobody, links nowhere and formats nothing", (name) => {
    const alert = hostileAlert(name);
    const { content, metadata } = notificationOf(alert);
    const { id, threadId } = { id: metadata.additionalContext["alertId"], ...metadata };

    for (const text of [content.description, ...content.nextSteps, content.title]) {
      const outsideOfCode = text.replace(/`[^`\n]*`/g, "");
      expect(text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
      expect(outsideOfCode).not.toMatch(/[@<>`"]|evil[.[]|Subject: forged|_it_/);
      expect(text).not.toMatch(/:\/\//);
    }
    expect(`${id}${threadId}`).toMatch(/^[A-Za-z0-9._:#-]+$/);
  });

  test("stays below the length that Slack takes, in whole lines, and says that there is more", () => {
    const notCounted = Array.from({ length: 20 }, () => ({
      id: "&".repeat(80),
      reason: "<".repeat(80),
    }));
    const evidence = anEvidence({ delivery: { credit: 0, counted: [], notCounted } });

    const { description } = notificationOf(aWindowAlert({ evidence })).content;

    expect(description.length).toBeLessThan(3_000);
    expect(description).toMatch(/\n\n_The e-mail about this alert says more\._$/);
    expect(description.match(/`/g)?.length).toSatisfy((ticks: number) => ticks % 2 === 0);
  });
});

function hostileAlert(name: string) {
  return aSessionAlert({
    id: `RUNAWAY-${name}`,
    team: name,
    unit: { kind: "session", user: "user-017", session: name, day: "2026-10-06" },
    evidence: anEvidence({
      delivery: {
        credit: 1,
        counted: [{ task: name, credit: 1, state: "open" }],
        notCounted: [{ id: name, reason: name }],
      },
      expected: { ...anEvidence().expected, cohort: name },
      signals: [{ signal: name, z: 1, value: 1, usual: 1, share: 1 }],
    }),
  });
}
