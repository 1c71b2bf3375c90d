import { isRunaway, learnRunawayLimits, limitFor } from "../../../shared/scoring/runaway-limit.ts";
import type { StopRuleFigure } from "./gates.ts";
import { HISTORY_WEEKS, type Organisation, sessionNanoUsd } from "./organisation/work.ts";

const ALPHAS = [0.01, 0.05];
const HARD_CAP_USD = 1_000_000;

/**
 * Share of successful sessions of the test that limits learnt from the history would alert of; both
 * draw their tasks from different halves. A session succeeds if its task is delivered. The hard cap
 * is out of reach, so that only what is learnt counts.
 */
export function stopRuleFigures(organisations: readonly Organisation[]): readonly StopRuleFigure[] {
  if (organisations.length === 0) {
    return [];
  }
  const split = organisations.map((organisation) => {
    const sessions = finished(organisation);
    const isHistory = ({ week }: { week: number }) => week < HISTORY_WEEKS;
    return {
      history: sessions.filter(isHistory),
      test: sessions.filter((session) => !isHistory(session) && session.creditMicroUnits > 0),
    };
  });
  return ALPHAS.map((alpha) => {
    const alerted = split.map(({ history, test }) => {
      const limits = learnRunawayLimits(history, { alpha, hardCapUsd: HARD_CAP_USD });
      return test.filter((session) =>
        isRunaway(limitFor(limits, session.cohort), session.costNanoUsd),
      ).length;
    });
    const all = split.reduce((sum, { test }) => sum + test.length, 0);
    return { alpha, share: alerted.reduce((sum, count) => sum + count, 0) / Math.max(1, all) };
  });
}

function finished({ members, weeks }: Organisation) {
  const teams = new Map(members.map(({ user, team }) => [user, team]));
  const delivered = new Set(
    weeks.flatMap(({ outcomes }) => outcomes.map(({ id }) => id.slice(id.indexOf("#") + 1))),
  );
  return weeks.flatMap(({ user, week, sessions }) =>
    sessions.map((session) => ({
      week,
      cohort: teams.get(user) ?? "",
      costNanoUsd: BigInt(sessionNanoUsd(session)),
      // A session is named after its task and the try.
      creditMicroUnits: delivered.has(session.id.slice(0, session.id.lastIndexOf("-"))) ? 1 : 0,
    })),
  );
}
