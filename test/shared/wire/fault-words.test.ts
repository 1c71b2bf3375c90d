import { describe, expect, test } from "vitest";
import * as z from "zod";
import { faultWords } from "../../../shared/wire/fault-words.ts";

function wordsOf(schema: z.ZodType, value: unknown) {
  const [issue] = schema.safeParse(value).error?.issues ?? [];
  return issue === undefined ? undefined : faultWords(issue);
}

const Shape = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("circle") }),
  z.object({ kind: z.literal("square") }),
]);

describe("faultWords", () => {
  test("what a schema says for itself stays", () => {
    expect(wordsOf(z.string("must be the name of a team"), 1)).toBe("must be the name of a team");
  });

  test.each<[string, z.ZodType, unknown]>([
    ["must be given", z.object({ id: z.string() }), {}],
    ["must be a text", z.string(), 1],
    ["must be a number", z.number(), "1"],
    ["must be a whole number", z.int(), 1.5],
    ["must be true or false", z.boolean(), "yes"],
    ["must be a list", z.array(z.string()), {}],
    ["must be an object", z.object({}), []],
    ["must be retain", z.literal("retain"), "keep"],
    ["must be one of retain, destroy", z.enum(["retain", "destroy"]), "keep"],
    ["must be one of circle, square", Shape, { kind: "triangle" }],
    ["must have at least 1 character", z.string().min(1), ""],
    ["must have at most 3 characters", z.string().max(3), "four"],
    ["must have at least 1 entry", z.array(z.int()).min(1), []],
    ["must have at most 2 entries", z.array(z.int()).max(2), [1, 2, 3]],
    ["must be less than 0.5", z.number().lt(0.5), 5],
    ["must be at most 31", z.int().max(31), 40],
    ["must be more than 0", z.number().positive(), 0],
    ["must be at least 1", z.number().min(1), 0],
    ["must be an e-mail address, such as user-017@example.com", z.email(), "user-017"],
    ["must be a day, such as 2026-10-05", z.iso.date(), "05/10/2026"],
    ["must be of another form", z.string().regex(/^x$/), "y"],
    ["is none of the forms that are known", z.union([z.string(), z.int()]), true],
  ])("%s", (words, schema, value) => {
    expect(wordsOf(schema, value)).toBe(words);
  });
});
