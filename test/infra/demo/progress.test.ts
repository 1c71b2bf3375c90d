import { describe, expect, test } from "vitest";
import { progressLine } from "../../../infra/demo/progress.ts";
import { runCost } from "../../../infra/demo/run-cost.ts";

function recorder(isTTY: boolean) {
  const written: string[] = [];
  return {
    written,
    output: {
      isTTY,
      write: (text: string | Uint8Array) => {
        written.push(String(text));
        return true;
      },
    },
  };
}

describe("progressLine", () => {
  test("writes one line over and over on a terminal", () => {
    const { output, written } = recorder(true);
    const progress = progressLine(output, () => 0);

    progress.say("week 1");
    progress.say("week 2");

    expect(written.map((text) => text.trim())).toEqual(["week 1", "week 2"]);
    expect(written.every((text) => text.startsWith("\r") && !text.includes("\n"))).toBe(true);
  });

  test("writes a line every five seconds elsewhere, so that a log stays short", () => {
    const { output, written } = recorder(false);
    let nowMs = 0;
    const progress = progressLine(output, () => nowMs);

    for (nowMs = 0; nowMs < 12_000; nowMs += 1_000) {
      progress.say(`at ${nowMs}`);
    }

    expect(written).toEqual(["at 0\n", "at 5000\n", "at 10000\n"]);
  });
});

describe("runCost", () => {
  const entry = { table: "t", calls: 1, units: 3 };

  test("sums up writes by what they were spent on; reads cost next to nothing and are left out", () => {
    const cost = runCost([
      { ...entry, function: "IngestionIngestUsageFunction1", operation: "UpdateItem" },
      { ...entry, function: "IngestionIngestUsageFunction1", operation: "PutItem" },
      { ...entry, function: "RollUpFunction2", operation: "PutItem" },
      { ...entry, function: "RollUpFunction2", operation: "Query" },
      { ...entry, function: "DropImportImportDropsFunction3", operation: "PutItem" },
    ]);

    expect(cost).toEqual({ ledger: 6, rollUps: 3, outcomes: 0, scoring: 0, alerts: 0, other: 3 });
  });
});
