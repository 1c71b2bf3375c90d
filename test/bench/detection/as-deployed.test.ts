import { expect, test } from "vitest";
import { nightlyFigures } from "./as-deployed.ts";
import type { GamedWeek } from "./gaming/inject-gaming.ts";

const clear = { wasteUsd: 80, honestUsd: 50 } as const;
/** Weeks 10 and 11 begin on 2026-08-10 and 2026-08-17. */
const gamed: readonly GamedWeek[] = [
  { user: "user-001", week: 10, since: 10, tactic: "idle loop", ...clear },
  { user: "user-001", week: 11, since: 10, tactic: "idle loop", ...clear },
  { user: "user-002", week: 11, since: 11, tactic: "slow burn", ...clear },
  { user: "user-003", week: 11, since: 11, tactic: "slow burn", wasteUsd: 1, honestUsd: 50 },
];

test("an alert is false if none of its seven days was gamed, and an episode is found by any", () => {
  const told = [
    { user: "user-001", end: "2026-08-14" },
    { user: "user-001", end: "2026-08-21" },
    { user: "user-001", end: "2026-08-31" },
    { user: "user-009", end: "2026-08-14" },
  ];

  const figures = nightlyFigures([{ told, gamed, nights: 35 }]);

  expect(figures).toEqual({
    alerts: 4,
    falseAlerts: 2,
    falseShare: 0.5,
    alertsPerOwnerWeek: 0.08,
    falsePerOwnerWeek: 0.04,
    episodes: 2,
    found: 1,
    delayDays: 4,
  });
});

test("people of two organisations are different people", () => {
  const told = [{ user: "user-001", end: "2026-08-14" }];

  const figures = nightlyFigures([
    { told: [], gamed, nights: 35 },
    { told, gamed: [], nights: 35 },
  ]);

  expect(figures).toMatchObject({ alerts: 1, falseAlerts: 1, episodes: 2, found: 0 });
});
