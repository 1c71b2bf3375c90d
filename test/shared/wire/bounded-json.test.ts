import { describe, expect, test } from "vitest";
import { parseBoundedJson } from "../../../shared/wire/bounded-json.ts";

const limits = { maxDepth: 4, maxValues: 10 };

describe("parseBoundedJson", () => {
  test.each(['{"a":[1,"],[,{",{"b":"\\"[[[[[[["}]}', "[[[[]]]]", "3", '"text"'])(
    "parses %s",
    (text) => {
      expect(parseBoundedJson(text, limits)).toEqual({ kind: "json", value: JSON.parse(text) });
    },
  );

  test.each([
    ["[[[[[]]]]]", "nested deeper than 4"],
    ["[1,2,3,4,5,6,7,8,9,10,11]", "more than 10 values"],
    ["\n\n\n\n\n\n\n\n\n\n\n1", "more than 10 values"],
    ["{", "valid JSON"],
    ['"no end', "valid JSON"],
    ["", "valid JSON"],
  ])("refuses %j", (text, message) => {
    expect(parseBoundedJson(text, limits)).toMatchObject({
      kind: "malformed",
      message: expect.stringContaining(message),
    });
  });

  test("refuses a million brackets before anything is built, within a quarter of a second", () => {
    const started = performance.now();

    const parsed = parseBoundedJson("[".repeat(1_000_000), { maxDepth: 64, maxValues: 1e9 });

    expect(parsed.kind).toBe("malformed");
    expect(performance.now() - started).toBeLessThan(250);
  });

  test("never quotes the text, which may be a prompt", () => {
    expect(JSON.stringify(parseBoundedJson("canary-4f1c", limits))).not.toContain("canary");
  });
});
