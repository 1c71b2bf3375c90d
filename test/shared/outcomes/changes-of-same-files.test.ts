import { describe, expect, test } from "vitest";
import { DAY_MS } from "../../../shared/ledger/calendar.ts";
import { changesOfSameFiles } from "../../../shared/outcomes/changes-of-same-files.ts";
import type { OutcomeEvent } from "../../../shared/outcomes/outcome-event.ts";
import { outcomeGraph } from "../../../shared/outcomes/outcome-graph.ts";
import { MERGED_MS } from "../../support/delivery.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";

/** For each change, the earlier ones of the same files. */
function earlierOf(changes: readonly Partial<OutcomeEvent>[]) {
  const nodes = outcomeGraph({
    outcomes: changes.map((change, at) =>
      anOutcomeEvent({ id: `c${at}`, commits: [], files: ["file-1"], ...change }),
    ),
    personOf: (user) => user,
    productionEnvironments: [],
    survivalDays: 7,
  });
  const ofSameFiles = changesOfSameFiles(({ files = [] }) => files);
  return nodes.map((node) => ofSameFiles(node).map(({ outcome }) => outcome.id));
}

describe("changesOfSameFiles", () => {
  test("finds all earlier changes of less than three days ago, in order of time", () => {
    const days = [0, 1, 2, 3.5].map((day) => ({ timeMs: MERGED_MS + day * DAY_MS }));

    expect(earlierOf(days)).toEqual([[], ["c0"], ["c0", "c1"], ["c1", "c2"]]);
  });

  test("passes over a revert, which is no work of its own, and what it undoes stays known", () => {
    const changes = [
      {},
      { reverts: "c0", timeMs: MERGED_MS + 1 },
      { timeMs: MERGED_MS + 2, branch: "again" },
    ];

    expect(earlierOf(changes)).toEqual([[], [], ["c0"]]);
  });

  test("looks no further back than a hundred changes, so that a robot's thousands take no time", () => {
    const many = Array.from({ length: 150 }, (_, at) => ({
      timeMs: MERGED_MS + at,
      id: `c${`${at}`.padStart(3, "0")}`,
    }));

    expect(earlierOf(many).at(-1)).toHaveLength(100);
  });
});
