import { describe, expect, test } from "vitest";
import { bookClaudeCodeTwice } from "../../../shared/collect/anthropic-analytics.ts";
import { CollectorSettings } from "../../../shared/collect/collector-settings.ts";

const messageOf = (settings: object) =>
  CollectorSettings.safeParse({ id: "one", ...settings }).error?.issues[0]?.message;

describe("CollectorSettings", () => {
  test("asks what Cursor's events are, as its telemetry reports the same calls", () => {
    expect(messageOf({ source: "cursor-events" })).toContain("both report the same calls");
    expect(messageOf({ source: "cursor-events", grain: "day" })).toBeUndefined();
  });

  test.each(["http://api.example", "ftp://api.example", "http://127.0.0.1.example"])(
    "refuses the address %s, as the key would travel in the clear",
    (baseUrl) => {
      expect(messageOf({ source: "openai-costs", baseUrl })).toContain("https://");
    },
  );

  test.each(["https://proxy.example/api", "http://127.0.0.1:8080"])(
    "takes the address %s",
    (baseUrl) => {
      expect(messageOf({ source: "openai-costs", baseUrl })).toBeUndefined();
    },
  );

  test("refuses a field that is not of the source, as it would be without effect", () => {
    expect(messageOf({ source: "openai-costs", organization: "acme" })).toBeDefined();
  });
});

describe("bookClaudeCodeTwice", () => {
  const of = (...sources: readonly object[]) =>
    bookClaudeCodeTwice(
      sources.map((source, at) => CollectorSettings.parse({ id: `c${at}`, ...source })),
    );

  test("is true where two reports name the same people for the same spend", () => {
    const report = { source: "anthropic-claude-code" };
    const analytics = { source: "anthropic-analytics" };

    expect(of(report, analytics)).toBe(true);
    expect(of(report, { ...analytics, leaveOut: ["claude_code"] })).toBe(false);
    expect(of(analytics)).toBe(false);
  });
});
