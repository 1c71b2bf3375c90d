import { describe, expect, test } from "vitest";
import { listed, named, say, textOf } from "../../../shared/alerts/phrase.ts";
import { HOSTILE_NAMES } from "../../support/hostile-names.ts";

describe("named", () => {
  test.each([
    ["WEB-77", "WEB-77"],
    ["github:acme/web#4242", "github:acme/web#4242"],
    ["claude-sonnet-4.5", "claude-sonnet-4.5"],
    ["https://evil.example/a", "https[:]//evil[.]example/a"],
    ["www.evil.example", "www[.]evil[.]example"],
    ["a\r\nb\tc", "a b c"],
    ["ok\u202Egnp\u200B\u0000", "okgnp"],
    ["  ", "(no name)"],
    ["", "(no name)"],
    ["x".repeat(81), `${"x".repeat(79)}…`],
  ])("%j is shown as %j", (text, shown) => {
    expect(named(text)).toEqual({ name: shown });
  });

  test.each(HOSTILE_NAMES)("%j stays one short line without invisible characters", (text) => {
    const { name } = named(text);

    expect(name).toMatch(/^[^\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]{1,120}$/u);
    expect(name.isWellFormed()).toBe(true);
    expect(name).not.toMatch(/:\/\/|\.example/);
  });

  test("a name of 100,000 characters takes no longer than a glance", () => {
    const startedAt = performance.now();

    named(" \u202E.a".repeat(25_000));

    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});

describe("say", () => {
  test("keeps names apart from words, so that a channel can escape them", () => {
    const phrase = say`Session ${named("s<1>")} cost ${3} dollars`;

    expect(textOf(phrase, (name) => `[${name}]`)).toBe("Session [s<1>] cost 3 dollars");
    expect(textOf(phrase)).toBe("Session s<1> cost 3 dollars");
  });
});

describe("listed", () => {
  test.each([
    [["a"], "a"],
    [["a", "b"], "a and b"],
    [["a", "b", "c"], "a, b and c"],
  ])("%j reads %j", (items, sentence) => {
    expect(textOf(listed(items))).toBe(sentence);
  });
});
