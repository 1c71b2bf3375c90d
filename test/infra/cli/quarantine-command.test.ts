import { describe, expect, test } from "vitest";
import { quarantineCommand } from "../../../infra/cli/quarantine-command.ts";
import { inMemoryOutcomeLedger } from "../../support/in-memory-outcome-ledger.ts";
import { inMemoryQuarantine } from "../../support/in-memory-quarantine.ts";
import { inMemoryUsageLedger } from "../../support/in-memory-usage-ledger.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";
import { recordedTerminal } from "../../support/recorded-terminal.ts";

const NOW_MS = Date.UTC(2026, 10, 22, 12);

async function setup() {
  const quarantine = inMemoryQuarantine();
  const event = anOutcomeEvent({ timeMs: NOW_MS - 1 });
  const held = { kind: "outcome", event, detail: "", receivedAtMs: NOW_MS - 3_600_000 } as const;
  await quarantine.keep({ ...held, reason: "clock-in-future" });
  await quarantine.keep({ ...held, reason: "conflict" });
  const stores = {
    quarantine,
    usageLedger: inMemoryUsageLedger(),
    outcomeLedger: inMemoryOutcomeLedger(),
  };
  const run = async (...args: readonly string[]) => {
    const terminal = recordedTerminal();
    await quarantineCommand(args, { ...terminal, connect: () => stores, nowMs: () => NOW_MS });
    return terminal.printed;
  };
  return { ...stores, run };
}

describe("quarantine", () => {
  test("lists every reason, so that none is overlooked", async () => {
    expect(await (await setup()).run("list")).toEqual([
      "REASON                  USAGE  OUTCOMES  OLDEST",
      "clock-in-future         0      1         2026-11-22T11:00:00.000Z",
      "segment-full            0      0         -",
      "cumulative-temporality  0      0         -",
      "conflict                0      1         2026-11-22T11:00:00.000Z",
    ]);
  });

  test("replays what passes by now, and says what stays", async () => {
    const { outcomeLedger, run } = await setup();

    expect(await run("replay")).toEqual([
      "1 counted now, 0 were counted already, 1 still in quarantine.",
    ]);
    expect(outcomeLedger.outcomes()).toHaveLength(1);
  });

  test.each([[[]], [["delete"]], [["replay", "all"]]])("%j shows the usage", async (args) => {
    await expect((await setup()).run(...args)).rejects.toThrow("Usage");
  });
});
