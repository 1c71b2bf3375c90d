import { describe, expect, test } from "vitest";
import { grainAuthority, REQUESTS_FIRST } from "../../../shared/ledger/grain-authority.ts";

describe("grainAuthority", () => {
  test("the rule of a tool that began last is in force, in whatever order they stand", () => {
    const { of } = grainAuthority([
      { tool: "cursor", grain: "request", from: "2026-11-01" },
      { tool: "cursor", grain: "day", from: "2026-10-01" },
    ]);

    expect(of("cursor", "2026-09-30")).toBe("request");
    expect(of("cursor", "2026-10-01")).toBe("day");
    expect(of("cursor", "2026-11-01")).toBe("request");
    expect(of("kiro", "2026-10-01")).toBe("request");
  });

  test("says what is set, the same for the same rules in another order", () => {
    const rules = [
      { tool: "cursor", grain: "day", from: "2026-10-01" },
      { tool: "claude-code", grain: "day", from: "2026-10-01" },
    ] as const;

    expect(grainAuthority(rules).version).toBe("claude-code=day@2026-10-01,cursor=day@2026-10-01");
    expect(grainAuthority(rules.toReversed()).version).toBe(grainAuthority(rules).version);
    expect(REQUESTS_FIRST.version).toBe("");
  });
});
