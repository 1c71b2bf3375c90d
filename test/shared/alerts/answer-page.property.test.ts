import fc from "fast-check";
import { expect, test } from "vitest";
import { answerPage } from "../../../shared/alerts/answer-page.ts";
import { escapedHtml, html } from "../../../shared/alerts/html-text.ts";
import { aSessionAlert } from "../../support/alerts.ts";
import { tagsOf, textOfPage } from "../../support/html-page.ts";

const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 80 }),
  fc
    .array(fc.constantFrom("<", ">", '"', "'", "&", "</", "script", "<!--", "=", " ", "a", "&lt;"))
    .map((parts) => parts.join("")),
);

test("a text is what it was once a browser has read its escapes, and opens no tag", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(escapedHtml(text)).not.toMatch(/[<>"']/);
      const { html: page } = html`<p>${text}</p>`;
      expect(tagsOf(page)).toEqual(["p"]);
      expect(textOfPage(page)).toBe(text.replace(/\s+/g, " ").trim());
    }),
  );
});

test("whatever outsiders call a session, a person, a team or an answerer, the page has the same tags", () => {
  const pageOf = (name: string) =>
    answerPage(
      {
        alert: aSessionAlert({
          id: `session-user-017-${name}`,
          unit: { kind: "session", user: `user-017${name}`, session: name, day: "2026-10-06" },
          team: name,
        }),
        answers: {
          last: { answer: "planned", by: `owner${name}`, via: "link", atMs: 0 },
          earlier: [],
        },
        followUps: [],
      },
      { lastDay: "2026-11-11", isRecorded: true },
    ).main.html;
  const harmless = tagsOf(pageOf("x"));
  fc.assert(
    fc.property(hostile, (name) => {
      expect(tagsOf(pageOf(name))).toEqual(harmless);
    }),
  );
});
