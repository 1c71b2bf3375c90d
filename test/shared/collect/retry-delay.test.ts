import { describe, expect, test } from "vitest";
import { isRateLimited, retryDelayMs } from "../../../shared/collect/retry-delay.ts";

const NOW = Date.UTC(2026, 10, 21, 1);
const headers = (given: Readonly<Record<string, string>>) => (name: string) => given[name];

describe("retryDelayMs", () => {
  test.each([
    ["seconds of Retry-After", { "retry-after": "7" }, 7_000],
    ["a date of Retry-After", { "retry-after": "Sat, 21 Nov 2026 01:00:30 GMT" }, 30_000],
    ["a date that has passed", { "retry-after": "Sat, 21 Nov 2026 00:00:00 GMT" }, 0],
    ["Retry-After before a reset", { "retry-after": "2", "x-ratelimit-reset": "90" }, 2_000],
    [
      "GitHub's reset, seconds since 1970",
      { "x-ratelimit-reset": String(NOW / 1000 + 60) },
      60_000,
    ],
    ["a reset in seconds from now", { "x-ratelimit-reset": "45" }, 45_000],
    [
      "Anthropic's reset, a time",
      { "anthropic-ratelimit-requests-reset": "2026-11-21T01:00:20Z" },
      20_000,
    ],
    ["OpenAI's reset, a duration", { "x-ratelimit-reset-requests": "6m0.5s" }, 360_500],
    ["OpenAI's milliseconds", { "x-ratelimit-reset-requests": "340ms" }, 340],
  ])("waits as long as the provider says: %s", (_, given, delayMs) => {
    expect(retryDelayMs(headers(given), 1, NOW)).toBe(delayMs);
  });

  test.each([
    [1, 1_000],
    [4, 8_000],
    [20, 60_000],
  ])("waits longer with each attempt if the provider says nothing: attempt %i", (attempt, ms) => {
    expect(retryDelayMs(headers({ "retry-after": "soon" }), attempt, NOW)).toBe(ms);
  });
});

describe("isRateLimited", () => {
  test.each([
    [429, {}, true],
    [403, { "x-ratelimit-remaining": "0" }, true],
    [403, { "retry-after": "60" }, true],
    [403, { "x-ratelimit-remaining": "4999" }, false],
    [500, {}, false],
  ])("is %i with %j: %s", (status, given, limited) => {
    expect(isRateLimited(status, headers(given))).toBe(limited);
  });
});
