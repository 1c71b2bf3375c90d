import { describe, expect, test } from "vitest";
import { importProgressText } from "../../../infra/import/import-progress.ts";

describe("importProgressText", () => {
  test("shows bytes, calls and the time that is left at the same rate", () => {
    expect(
      importProgressText({ bytesRead: 25e6, bytes: 100e6, calls: 12_345, elapsedMs: 5_000 }),
    ).toBe("[██████░░░░░░░░░░░░░░░░░░]  25 %  25 of 100 MB  12,345 calls  15 s left");
  });

  test.each([
    ["while the rate is not known", 1_000, 10],
    ["at the end", 60_000, 100],
  ])("promises no time %s", (_, elapsedMs, percent) => {
    const text = importProgressText({ bytesRead: percent, bytes: 100, calls: 1, elapsedMs });

    expect(text).not.toContain("left");
  });

  test("counts long waits in minutes", () => {
    expect(importProgressText({ bytesRead: 1, bytes: 10, calls: 0, elapsedMs: 20_000 })).toContain(
      "3 min left",
    );
  });
});
