import fc from "fast-check";
import { expect, test } from "vitest";
import { readToken, signedToken } from "../../../functions/adapters/answer-links.ts";
import { addDays, dayOf, startOfDay } from "../../../shared/ledger/calendar.ts";

const SECRET = "s".repeat(64);
const day = fc
  .integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2099, 11, 31) })
  .map((timeMs) => dayOf(timeMs));
const id = fc.string({ unit: "grapheme", minLength: 1, maxLength: 300 });
const owner = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,62}$/);
const link = fc.record({ id, decided: day, lastDay: day, owner });

test("a link of any alert, with whatever id an outsider chose, reads back as it was made", () => {
  fc.assert(
    fc.property(link, (made) => {
      const token = signedToken(made, SECRET);

      expect(token).toMatch(/^[A-Za-z0-9._-]+[0-9a-f]$/);
      expect(readToken(token, [SECRET], startOfDay(made.lastDay))).toEqual({
        kind: "allowed",
        link: made,
      });
    }),
  );
});

test("a link with any of its characters changed, left out or added is unknown", () => {
  const change = fc.record({
    at: fc.nat(),
    removed: fc.integer({ min: 0, max: 2 }),
    added: fc.string({ unit: "grapheme-ascii", maxLength: 2 }),
  });
  fc.assert(
    fc.property(link, change, (made, { at, removed, added }) => {
      const token = signedToken(made, SECRET);
      const start = at % token.length;
      const forged = token.slice(0, start) + added + token.slice(start + removed);
      fc.pre(forged !== token);

      expect(readToken(forged, [SECRET], startOfDay(made.lastDay))).toEqual({ kind: "unknown" });
    }),
    { numRuns: 2_000 },
  );
});

test("whatever is put together without the secret is unknown", () => {
  fc.assert(
    fc.property(
      link,
      fc.oneof(fc.string(), fc.constant(""), fc.constant("guess")),
      (made, guess) => {
        fc.pre(guess !== SECRET);

        expect(readToken(signedToken(made, guess), [SECRET], 0).kind).toBe("unknown");
      },
    ),
  );
});

test("a link is over from the first instant after its last day on, and never before", () => {
  fc.assert(
    fc.property(link, fc.integer({ min: -400, max: 400 }), (made, days) => {
      const nowMs = startOfDay(addDays(made.lastDay, days)) + 43_200_000;

      const { kind } = readToken(signedToken(made, SECRET), [SECRET], nowMs);

      expect(kind).toBe(days > 0 ? "expired" : "allowed");
    }),
  );
});
