import { describe, expect, test } from "vitest";
import { covers, isNamedBy } from "../../../shared/pricing/name-pattern.ts";

describe("isNamedBy", () => {
  test.each([
    ["*", "", true],
    ["*", "anything", true],
    ["claude-*", "claude-sonnet-4-5", true],
    ["claude-*", "Claude-Sonnet-4-5", true],
    ["claude-*", "xclaude-sonnet", false],
    ["*-sonnet-*", "claude-sonnet-4-5", true],
    ["claude-*-4-5", "claude-opus-4-5", true],
    ["claude-*-4-5", "claude-4-5", false],
    ["a*a", "a", false],
    ["a*a", "aa", true],
    ["a*b*c", "a-c-b-c", true],
    ["a*b*c", "acb", false],
    ["gpt-5.1", "gpt-5x1", false],
    ["gpt-5", "gpt-5.1", false],
    ["**", "x", true],
  ])("%s and %s: %s", (pattern, name, expected) => {
    expect(isNamedBy(pattern, name)).toBe(expected);
  });

  test("a pattern of many stars over a long name that nearly fits takes no time to speak of", () => {
    const start = performance.now();

    expect(isNamedBy(`${"a*".repeat(100)}b`, "a".repeat(200))).toBe(false);
    expect(performance.now() - start).toBeLessThan(50);
  });
});

describe("covers", () => {
  test.each([
    ["*", "claude-*", true],
    ["claude-*", "claude-*-4-5", true],
    ["claude-*", "claude-opus-4-5", true],
    ["claude-*-4-5", "claude-*", false],
    ["claude", "claude*", false],
    ["*-4-5", "claude-*", false],
  ])("%s covers %s: %s", (wide, narrow, expected) => {
    expect(covers(wide, narrow)).toBe(expected);
  });
});
