import type { Random } from "../../infra/demo/random.ts";

/**
 * Stands in every text that the fuzzer puts into a body: no answer to an error and no log line may
 * hold it. It has blanks, so that it is no name of an event or a field.
 */
export const MARKER = "never quote 4f1e";

const BAIT_LENGTH = 100_000;

/** Texts that make a careless regular expression go back and forth over 100,000 characters. */
const BAIT: readonly [string, ...string[]] = [
  `${"a".repeat(BAIT_LENGTH)}!`,
  `${" ".repeat(BAIT_LENGTH)}x`,
  "0".repeat(BAIT_LENGTH),
  `0.${"1".repeat(BAIT_LENGTH)}x`,
  `${"a@".repeat(BAIT_LENGTH / 2)}.`,
  `${"-".repeat(BAIT_LENGTH)}1`,
  `${"%7c".repeat(BAIT_LENGTH / 3)}%`,
  `${"a/".repeat(BAIT_LENGTH / 2)}#`,
  `fixes #${"1, #".repeat(BAIT_LENGTH / 4)}`,
];

const TEXTS: readonly [string, ...string[]] = [
  "",
  " ",
  MARKER,
  `${MARKER}\u0000`,
  `${MARKER}\ud800`,
  `\udfff${MARKER}`,
  `${MARKER}\r\nX-Injected: 1`,
  `=cmd|' /C calc'!A0 ${MARKER}`,
  `<script>${MARKER}</script>`,
  `${MARKER} 𝒳 مرحبا e\u0301\u202e`,
  "__proto__",
  "constructor",
  "toString",
  "NaN",
  "Infinity",
  "-1",
  "1e999",
  "0x1f",
  "9223372036854775808",
  "99999999999999999999",
  "1970-01-01T00:00:00Z",
  "9999-12-31T23:59:59.999Z",
  "+275760-09-13T00:00:00.000Z",
  "2026-02-30T00:00:00Z",
  "2026-11-21T22:02:40.826Z",
  "null",
  "[]",
  '{"git_commit_id":"0d1a26e","git_branch":7}',
  "*".repeat(257),
  "漢".repeat(256),
  "%".repeat(256),
];

/** What can stand in place of a number. */
const NUMBERS: readonly [string, ...string[]] = [
  "0",
  "-0",
  "-1",
  "0.5",
  "1e-7",
  "1e21",
  "1e308",
  "1e999",
  "-1e999",
  "4294967296",
  "9007199254740992",
  "9223372036854775807",
  "18446744073709551616",
  "9".repeat(10_000),
];

/** Other languages' values: no JSON, so that the rest of the body is never looked at. */
const NO_JSON: readonly [string, ...string[]] = [
  "NaN",
  "-Infinity",
  "undefined",
  "01",
  "+1",
  ".5",
  "1.",
  "'text'",
  '"',
];

const OTHERS: readonly [string, ...string[]] = [
  "null",
  "true",
  "false",
  "[]",
  "{}",
  "[[]]",
  "[null]",
  '{"__proto__":{"isAdmin":true}}',
  '{"length":4294967295}',
  '{"toString":1,"valueOf":1}',
  '{"stringValue":1,"intValue":"x","doubleValue":[]}',
  '{"arrayValue":{"values":{"0":1}}}',
  '{"kvlistValue":{"values":[{"key":1}]}}',
];

const DEPTHS: readonly [number, ...number[]] = [1, 2, 3, 5, 10, 20, 31, 33, 64, 65, 1_000];
const DEEPEST = 20_000;

const KEYS: readonly [string, ...string[]] = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "length",
  "0",
  "",
  MARKER,
  `${MARKER}\u0000`,
  "\ud800",
];

/** The text of a JSON value that nobody expects here. Bait is rare, as it is slow to make and to send. */
export function hostileJson(random: Random): string {
  const draw = random.unit();
  if (draw < 0.02) {
    return random.pick(NO_JSON);
  }
  if (draw < 0.35) {
    return random.pick(NUMBERS);
  }
  if (draw < 0.7) {
    return JSON.stringify(random.pick(TEXTS));
  }
  return draw < 0.99 ? random.pick(OTHERS) : JSON.stringify(random.pick(BAIT));
}

export function hostileText(random: Random): string {
  return random.chance(0.01) ? random.pick(BAIT) : random.pick(TEXTS);
}

export function hostileKey(random: Random): string {
  return random.pick(KEYS);
}

export function hostileDepth(random: Random): number {
  return random.chance(0.02) ? DEEPEST : random.pick(DEPTHS);
}
