import { describe, expect, test } from "vitest";
import * as z from "zod";
import { schemaFault } from "../../../shared/wire/schema-fault.ts";

const Schema = z.strictObject({
  id: z.string("must be a text"),
  tokens: z.strictObject({ input: z.int("must be a whole number") }),
});

function faultIn(value: unknown) {
  const { error } = Schema.safeParse(value);
  return error === undefined ? undefined : schemaFault(error);
}

describe("schemaFault", () => {
  test("names the field and what it has to be", () => {
    expect(faultIn({ id: "a", tokens: { input: "12" } })).toEqual({
      path: "tokens.input",
      message: "must be a whole number",
    });
  });

  test("names an unknown field, as it is most likely misspelt", () => {
    expect(faultIn({ id: "a", tokens: { input: 1, ouput: 2 } })).toEqual({
      path: "tokens.ouput",
      message: "is not a known field",
    });
  });

  test.each(["delete all customers", "a".repeat(41), "", "line\nbreak", "user-017@example.com"])(
    "does not quote what is no field name, as it may be content: %j",
    (key) => {
      expect(faultIn({ id: "a", tokens: { input: 1 }, [key]: 1 })).toEqual({
        path: "",
        message: "must not hold a field that is not known",
      });
    },
  );

  test("names the one of several that can be named", () => {
    expect(faultIn({ id: "a", tokens: { input: 1 }, "my prompt": 1, prompt: 2 })?.path).toBe(
      "prompt",
    );
  });
});
