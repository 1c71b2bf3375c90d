import type { FinishedSession } from "./runaway-limit.ts";
import type { SessionScores } from "./session-score.ts";

/** Sessions that runaway limits may be learnt from: those whose cost and result are known. */
export function finishedSessions({ all, scoreOf }: SessionScores): readonly FinishedSession[] {
  return all.filter((session) => {
    const score = scoreOf(session);
    return score.kind === "scored" || score.reason === "too-few-peers";
  });
}
