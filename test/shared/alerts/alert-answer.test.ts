import { describe, expect, test } from "vitest";
import { type AlertAnswer, answererOf, withAnswer } from "../../../shared/alerts/alert-answer.ts";

const first: AlertAnswer = { answer: "waste", by: "owner-shop", atMs: 1 };

describe("answererOf", () => {
  test("of a link says whose it was, and not that this person answered", () => {
    expect(answererOf(first)).toBe("owner-shop");
    expect(answererOf({ ...first, via: "link" })).toBe("the link of owner-shop");
  });
});

describe("withAnswer", () => {
  test("the same by the link and by the command are two answers: anybody may have used the link", () => {
    const byLink: AlertAnswer = { ...first, via: "link", atMs: 2 };

    expect(withAnswer(withAnswer(undefined, byLink), first)).toEqual({
      last: first,
      earlier: [byLink],
    });
  });

  test("the last answer counts, and the one before is kept", () => {
    const next: AlertAnswer = { answer: "planned", by: "user-017", atMs: 2 };

    expect(withAnswer(withAnswer(undefined, first), next)).toEqual({
      last: next,
      earlier: [first],
    });
  });

  test("the same answer of the same person changes nothing, so a repeated command is harmless", () => {
    const known = withAnswer(undefined, first);

    expect(withAnswer(known, { ...first, atMs: 99 })).toBe(known);
  });

  test("the same answer of another person is another answer", () => {
    const other = { ...first, by: "user-017", atMs: 2 };

    expect(withAnswer(withAnswer(undefined, first), other).last).toBe(other);
  });

  test("the history stays small, however often somebody changes their mind", () => {
    const answers = Array.from({ length: 20 }, (_, atMs): AlertAnswer => {
      return { answer: atMs % 2 === 0 ? "waste" : "expected", by: "owner-shop", atMs };
    });

    const stored = answers.reduce(
      (known: ReturnType<typeof withAnswer> | undefined, answer) => withAnswer(known, answer),
      undefined,
    );

    expect(stored?.last.atMs).toBe(19);
    expect(stored?.earlier.map(({ atMs }) => atMs)).toEqual([18, 17, 16, 15]);
  });
});
