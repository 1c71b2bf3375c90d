import { describe, expect, test } from "vitest";
import { agentsByModel } from "../../../infra/demo/people.ts";
import { randomStream } from "../../../infra/demo/random.ts";
import {
  drawSession,
  quantile,
  readSessionStatistics,
} from "../../../infra/demo/session-statistics.ts";

const statistics = readSessionStatistics();
const agents = Object.values(agentsByModel(statistics)).flat();
const DRAWS = 4_000;

function draws(agent: (typeof agents)[number]) {
  const random = randomStream(7, agent.id);
  return Array.from({ length: DRAWS }, () =>
    drawSession(random, statistics, agent, {
      difficulty: random.normal(),
      scale: 1,
      logOdds: 0,
    }),
  );
}

describe("drawSession", () => {
  test.each(agents.map((agent) => [agent.id, agent] as const))(
    "%s: the costs that are drawn have the quantiles of the source, as the demo claims",
    (_id, agent) => {
      const costs = draws(agent)
        .map((draw) => draw.costUsd)
        .sort((a, b) => a - b);

      for (const share of [0.1, 0.25, 0.5, 0.75, 0.9]) {
        const below = costs.filter((cost) => cost <= quantile(agent.costQuantiles, share));
        expect(Math.abs(below.length / DRAWS - share)).toBeLessThan(0.03);
      }
    },
  );

  test("dear sessions succeed less often than cheap ones, as on the board", () => {
    const all = agents.flatMap((agent) => {
      const sorted = draws(agent).sort((a, b) => a.costUsd - b.costUsd);
      return [
        { dear: false, part: sorted.slice(DRAWS * 0.2, DRAWS * 0.3) },
        { dear: true, part: sorted.slice(DRAWS * 0.9) },
      ];
    });
    const shareOf = (dear: boolean) => {
      const sessions = all.filter((each) => each.dear === dear).flatMap(({ part }) => part);
      return sessions.filter((session) => session.succeeds).length / sessions.length;
    };

    expect(shareOf(false)).toBeGreaterThan(0.65);
    expect(shareOf(true)).toBeLessThan(0.4);
  });

  test("success over all costs is the model's, so that cost and difficulty only share it out", () => {
    for (const agent of agents) {
      const solved = draws(agent).filter((draw) => draw.succeeds).length / DRAWS;

      expect(Math.abs(solved - agent.resolvedShare)).toBeLessThan(0.04);
    }
  });

  test("sessions of one hard task are dear together: difficulty is shared", () => {
    const agent = agents[0];
    if (agent === undefined) {
      throw new Error("no agents in the statistics");
    }
    const medianAt = (difficulty: number) => {
      const random = randomStream(3, "difficulty");
      const costs = Array.from(
        { length: 500 },
        () => drawSession(random, statistics, agent, { difficulty, scale: 1, logOdds: 0 }).costUsd,
      );
      return costs.sort((a, b) => a - b)[250] ?? 0;
    };

    expect(medianAt(1.5)).toBeGreaterThan(1.5 * medianAt(-1.5));
  });
});
