import { describe, expect, test } from "vitest";
import { deliveryHistory } from "../../../shared/outcomes/delivery-history.ts";
import type { OutcomeEvent } from "../../../shared/outcomes/outcome-event.ts";
import { anOutcomeEvent } from "../../support/outcome-event-builder.ts";

/** With so few tasks, a full unit is 20 lines. */
function smallTasks(outcomes: readonly OutcomeEvent[]) {
  const settings = { survivalDays: 7, productionEnvironments: ["production"] };
  const history = deliveryHistory({ outcomes, sessions: [], settings });
  return Object.fromEntries(history.smallTasksByUser("2026-10-05", "2026-10-12"));
}

function change(branch: string, lines: number, more: Partial<OutcomeEvent> = {}): OutcomeEvent {
  return anOutcomeEvent({
    id: `change-of-${branch}-${lines}`,
    user: "user-017",
    branch,
    commits: [],
    size: { additions: lines, deletions: 0, files: 1, ignoredLines: 0 },
    ...more,
  });
}

describe("smallTasksByUser", () => {
  test("sums what each task lacks to a full unit", () => {
    expect(smallTasks([change("a", 5), change("b", 15), change("c", 400)])).toEqual({
      "user-017": 1,
    });
  });

  test("a task in several changes is as large as all of them", () => {
    expect(smallTasks([change("a", 8), change("a", 12)])).toEqual({});
    const [first, second] = [change("a", 8), change("b", 12)].map((part) => ({
      ...part,
      task: "SHOP-1",
    }));

    expect(first && second && smallTasks([first, second])).toEqual({});
  });

  test("lines that nobody wrote do not make a change larger", () => {
    const size = { additions: 400, deletions: 0, files: 1, ignoredLines: 400 };

    expect(smallTasks([change("a", 400, { size })])).toEqual({ "user-017": 1 });
  });

  test("neither reverts, nor deployments, nor what came in other weeks is counted", () => {
    expect(
      smallTasks([
        change("a", 1, { reverts: "change-of-old-9" }),
        change("b", 1, { kind: "deployment", environment: "production" }),
        change("c", 1, { timeMs: Date.UTC(2026, 9, 12) }),
        change("d", 1, { timeMs: Date.UTC(2026, 9, 4, 23, 59) }),
      ]),
    ).toEqual({});
  });
});
