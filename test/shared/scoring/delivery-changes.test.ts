import { describe, expect, test } from "vitest";
import type { DeliveryEvidence } from "../../../shared/alerts/alert.ts";
import type { DeliveryUnit } from "../../../shared/outcomes/delivery-unit.ts";
import { deliveryChanges } from "../../../shared/scoring/delivery-changes.ts";

function evidence(credits: Readonly<Record<string, number>>): DeliveryEvidence {
  const counted = Object.entries(credits).map(([task, credit]) => {
    return { task, credit, state: "provisional" };
  });
  return { credit: 0, counted, notCounted: [] };
}

function aUnit(task: string, changes: Partial<DeliveryUnit> = {}): DeliveryUnit {
  return {
    id: task,
    task,
    state: "provisional",
    creditMicroUnits: 0,
    users: [],
    counted: [],
    notCounted: [],
    sessions: [],
    ...changes,
  };
}

const undone = {
  notCounted: [{ id: "change", user: "user-017", timeMs: 0, reason: "undone" }],
} as const;

describe("deliveryChanges", () => {
  test("work that came since is delivered, with the day of its last outcome, largest first", () => {
    const lastDeliveredMs = Date.parse("2026-10-13T15:00:00Z");

    const changes = deliveryChanges(
      evidence({ "WEB-1": 0.25 }),
      evidence({ "WEB-1": 0.5, "WEB-2": 1 }),
      [aUnit("WEB-1"), aUnit("WEB-2", { lastDeliveredMs })],
    );

    expect(changes).toEqual([
      { kind: "delivered", task: "WEB-2", credit: 1, day: "2026-10-13" },
      { kind: "delivered", task: "WEB-1", credit: 0.25 },
    ]);
  });

  test("credit that is gone is undone, if an outcome of the task was", () => {
    const changes = deliveryChanges(evidence({ "WEB-1": 1 }), evidence({}), [
      aUnit("WEB-1", undone),
    ]);

    expect(changes).toEqual([{ kind: "undone", task: "WEB-1", credit: 1 }]);
  });

  test("credit that an incident took back says so, and whether there were reverts beside it", () => {
    const byIncident = { ...undone.notCounted[0], reason: "undone-by-incident" as const };
    const changesOf = (unit: Partial<DeliveryUnit>) =>
      deliveryChanges(evidence({ "WEB-1": 1 }), evidence({}), [aUnit("WEB-1", unit)]);

    expect(changesOf({ notCounted: [byIncident] })).toEqual([
      { kind: "undone", task: "WEB-1", credit: 1, cause: "incident" },
    ]);
    expect(changesOf({ notCounted: [...undone.notCounted, byIncident] })).toEqual([
      { kind: "undone", task: "WEB-1", credit: 1, cause: "incident-among-others" },
    ]);
  });

  test("credit that only moved, as more of a task became known, is no change", () => {
    const before = evidence({ "WEB-1": 1 });

    expect(deliveryChanges(before, evidence({ "WEB-1": 0.5 }), [aUnit("WEB-1")])).toEqual([]);
    expect(deliveryChanges(before, before, [aUnit("WEB-1", undone)])).toEqual([]);
  });
});
