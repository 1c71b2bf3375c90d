import { describe, expect, test } from "vitest";
import { maySendUsage } from "../../../shared/usage/sender-permission.ts";

describe("maySendUsage", () => {
  test.each([
    ["any", "otlp", "claude-code", true],
    ["claude-code", "otlp", "claude-code", true],
    ["claude-code", "usage", "claude-code", true],
    ["claude-code", "usage", "litellm", false],
    ["otlp", "otlp", "claude-code", true],
    ["otlp", "usage", "claude-code", false],
    ["usage", "usage", "litellm", true],
    ["usage", "otlp", "claude-code", false],
    ["litellm", "litellm", "litellm", true],
    ["any", "litellm", "litellm", true],
    ["usage", "litellm", "litellm", false],
    ["claude-code", "litellm", "litellm", false],
    ["outcomes", "usage", "litellm", false],
    ["outcomes", "otlp", "claude-code", false],
  ] as const)("a key for %s, by the route %s, usage of %s: %s", (source, route, tool, expected) => {
    expect(maySendUsage(source, route, tool)).toBe(expected);
  });
});
