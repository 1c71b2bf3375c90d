import { describe, expect, test } from "vitest";
import { compilePattern } from "../../../infra/local/event-pattern.ts";

const record = {
  eventName: "INSERT",
  size: 7,
  tags: ["red", "blue"],
  dynamodb: { Keys: { pk: { S: "U#user-017#202610" } } },
};

describe("compilePattern", () => {
  test.each<[string, object, boolean]>([
    ["an equal value", { eventName: ["INSERT", "MODIFY"] }, true],
    ["another value", { eventName: ["REMOVE"] }, false],
    ["a number is no string", { size: ["7"] }, false],
    ["a nested prefix", { dynamodb: { Keys: { pk: { S: [{ prefix: "U#" }] } } } }, true],
    [
      "a nested prefix that is another",
      { dynamodb: { Keys: { pk: { S: [{ prefix: "O#" }] } } } },
      false,
    ],
    ["a suffix", { eventName: [{ suffix: "ERT" }] }, true],
    ["a value in any case", { eventName: [{ "equals-ignore-case": "insert" }] }, true],
    ["a number in a range", { size: [{ numeric: [">", 5, "<=", 7] }] }, true],
    ["a number out of a range", { size: [{ numeric: [">", 7] }] }, false],
    ["anything but a value", { eventName: [{ "anything-but": ["REMOVE"] }] }, true],
    ["anything but this value", { eventName: [{ "anything-but": "INSERT" }] }, false],
    ["anything but a prefix", { eventName: [{ "anything-but": { prefix: "INS" } }] }, false],
    ["a member that is there", { eventName: [{ exists: true }] }, true],
    ["a member that is not there", { absent: [{ exists: false }] }, true],
    ["an absent member is not anything but", { absent: [{ "anything-but": "x" }] }, false],
    ["one element of a list", { tags: ["blue"] }, true],
    ["all members have to match", { eventName: ["INSERT"], size: [8] }, false],
    ["one of several alternatives", { $or: [{ size: [8] }, { eventName: ["INSERT"] }] }, true],
  ])("%s", (_rule, pattern, expected) => {
    expect(compilePattern(pattern)(record)).toBe(expected);
  });

  test.each([
    { eventName: [{ wildcard: "I*" }] },
    { eventName: [{ prefix: "I", suffix: "T" }] },
    { size: [{ numeric: ["~", 1] }] },
    { eventName: "INSERT" },
  ])("refuses %j, which it does not know", (pattern) => {
    expect(() => compilePattern(pattern)).toThrow(/not emulated|must be an object/);
  });
});
