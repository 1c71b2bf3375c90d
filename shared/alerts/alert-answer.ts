import * as z from "zod";

/**
 * What a budget owner answers an alert with. `waste`: nothing useful came of the spend. `expected`:
 * such work takes as much. `planned`: it was decided on beforehand. `wrong-data`: the figures are wrong.
 */
export const ANSWERS = ["waste", "expected", "planned", "wrong-data"] as const;
export type Answer = (typeof ANSWERS)[number];

/** Longest id of a person or owner who answers, in characters. */
export const LONGEST_ANSWERER = 64;

const AlertAnswer = z.object({
  answer: z.enum(ANSWERS),
  /** A pseudonym or the id of a budget owner. */
  by: z.string().min(1).max(LONGEST_ANSWERER),
  /** `link`: through the link in the message to that owner, which proves no person. Absent: said by the command. */
  via: z.exactOptional(z.literal("link")),
  /** When it was given, milliseconds since 1970 UTC. */
  atMs: z.number(),
});
export type AlertAnswer = Readonly<z.infer<typeof AlertAnswer>>;

/** The answer that counts, and those that it took the place of. */
export const AlertAnswers = z.object({
  last: AlertAnswer,
  /** Latest first, a few at most. */
  earlier: z.array(AlertAnswer).readonly(),
});
export type AlertAnswers = Readonly<z.infer<typeof AlertAnswers>>;

/** `owner-shop`, or `the link of owner-shop`: whoever has the link can answer by it. */
export function answererOf({ by, via }: Pick<AlertAnswer, "by" | "via">): string {
  return via === "link" ? `the link of ${by}` : by;
}

/** Earlier answers that are kept: enough to see a change of mind. */
const MOST_EARLIER = 4;

/**
 * Puts an answer before those that are known: the last one counts. The same answer of the same person
 * once more, in the same way, changes nothing, and gives back what was known.
 */
export function withAnswer(known: AlertAnswers | undefined, next: AlertAnswer): AlertAnswers {
  if (known === undefined) {
    return { last: next, earlier: [] };
  }
  const { last, earlier } = known;
  return last.answer === next.answer && answererOf(last) === answererOf(next)
    ? known
    : { last: next, earlier: [last, ...earlier].slice(0, MOST_EARLIER) };
}
