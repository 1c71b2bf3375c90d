import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readUsage } from "../../../infra/backtest/read-usage.ts";
import { byTime } from "../../../shared/ledger/one-per-call.ts";
import { bytesOf } from "../../support/byte-chunks.ts";
import { aWireItem } from "../../support/usage-wire-items.ts";

const NOW_MS = Date.UTC(2026, 10, 1);

function read(lines: readonly string[]) {
  return readUsage(bytesOf(lines.join("\n"), 1_000), {
    file: "usage.ndjson",
    nowMs: NOW_MS,
    onProgress: () => undefined,
  });
}

async function eventsOf(lines: readonly string[]) {
  const { byDay, ...rest } = await read(lines);
  const events = [...byDay.values()].flatMap((users) => [...users.values()].flat());
  return { ...rest, events: events.sort(byTime) };
}

const call = fc
  .record({ minute: fc.nat({ max: 5_000 }), person: fc.nat({ max: 2 }) })
  .map(({ minute, person }) =>
    JSON.stringify(
      aWireItem({
        id: `req_${minute}`,
        time: new Date(Date.UTC(2026, 9, 5) + minute * 60_000).toISOString(),
        user: `user-00${person}@example.com`,
      }),
    ),
  );
const calls = fc.uniqueArray(call, { minLength: 1, maxLength: 12, selector: idOf });

function idOf(line: string): string {
  return aWireItem(JSON.parse(line)).id;
}

describe("usage from a file", () => {
  test("is the same in any order of lines, and however often a line is repeated", async () => {
    await fc.assert(
      fc.asyncProperty(
        calls.chain((lines) =>
          fc.record({
            lines: fc.constant(lines),
            again: fc
              .array(fc.constantFrom(...lines))
              .chain((more) =>
                fc.shuffledSubarray([...lines, ...more], { minLength: lines.length + more.length }),
              ),
          }),
        ),
        async ({ lines, again }) => {
          const [once, repeated] = await Promise.all([eventsOf(lines), eventsOf(again)]);

          expect(repeated.events).toEqual(once.events);
          expect(repeated.counts).toEqual({
            received: again.length,
            used: lines.length,
            duplicate: again.length - lines.length,
            rejected: 0,
          });
        },
      ),
    );
  });

  test("every line is used, a duplicate, or rejected with its reason and number", async () => {
    const item = aWireItem();
    const { counts, rejected, events } = await eventsOf([
      JSON.stringify(item),
      "",
      "{not json",
      JSON.stringify({ ...item, id: "a", tokens: { input: -1, output: 1 } }),
      JSON.stringify(item),
      JSON.stringify({ ...item, model: "claude-opus-4-5" }),
      JSON.stringify({ ...item, id: "b", time: "2027-01-01T00:00:00Z" }),
    ]);

    expect(counts).toEqual({ received: 6, used: 1, duplicate: 1, rejected: 4 });
    expect(rejected.map(({ line, path }) => [line, path])).toEqual([
      [3, ""],
      [4, "tokens.input"],
      [6, "id"],
      [7, "time"],
    ]);
    expect(events).toMatchObject([{ user: "user-017@example.com", model: "claude-sonnet-4-5" }]);
  });
});
