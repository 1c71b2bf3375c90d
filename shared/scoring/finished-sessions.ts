import type { FinishedSession } from "./runaway-limit.ts";
import type { SessionScore } from "./session-score.ts";

/** Sessions that runaway limits may be learnt from: those whose cost and result are known. */
export function finishedSessions(scores: readonly SessionScore[]): readonly FinishedSession[] {
  return scores
    .filter((score) => score.kind === "scored" || score.reason === "too-few-peers")
    .map(({ session }) => session);
}
