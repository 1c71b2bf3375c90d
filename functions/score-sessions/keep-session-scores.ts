import { addDays, DAY_MS, dayOf } from "../../shared/ledger/calendar.ts";
import type { SessionScores, StoredSessionScore } from "../../shared/ports/session-scores.ts";
import type { ScoredSessions, SessionScore } from "../../shared/scoring/session-score.ts";
import { inParallel } from "../adapters/in-parallel.ts";

const WRITES_AT_ONCE = 16;
/** Sessions are followed until their last reading, at the age of 14 days. */
const FOLLOWED_DAYS = 21;
const FINAL_AGE_MS = 14 * DAY_MS;

/**
 * Stores each session's score twice, as outcomes come late: on the first night, and after 14 days;
 * and in between when it becomes known at all. So a session costs three writes at most.
 */
export async function keepSessionScores(
  store: SessionScores,
  { all, scoreOf }: ScoredSessions,
  asOfMs: number,
): Promise<void> {
  const from = addDays(dayOf(asOfMs), -FOLLOWED_DAYS);
  const stored = new Map(
    (await store.readBetween(from, dayOf(asOfMs))).map((value) => [keyOf(value), readingOf(value)]),
  );
  const due = all
    .filter(({ firstDay }) => firstDay >= from)
    .map((session) => storedScore(scoreOf(session), asOfMs))
    .filter((value) => stored.get(keyOf(value)) !== readingOf(value));
  await inParallel(due, WRITES_AT_ONCE, store.put);
}

function keyOf({ user, session, day }: StoredSessionScore): string {
  return JSON.stringify([user, session, day]);
}

/** What makes a stored score out of date: the age that it was read at, and whether it is known. */
function readingOf({ score }: StoredSessionScore): string {
  return score.split(" ", 1)[0] ?? "";
}

function storedScore(score: SessionScore, asOfMs: number): StoredSessionScore {
  const { user, session, firstDay, creditMicroUnits, lastMs } = score.session;
  const reading = `${ageOf(asOfMs - lastMs)}-${score.kind}`;
  const judgement =
    score.kind === "unscored"
      ? { reason: score.reason }
      : {
          outcomePerUsd: score.outcomePerUsd,
          p: score.p,
          peers: score.peers,
          usualNanoUsd: score.usualNanoUsd.toString(),
          excessNanoUsd: score.excessNanoUsd.toString(),
        };
  return {
    user,
    session,
    day: firstDay,
    score: `${reading} ${JSON.stringify({ kind: score.kind, creditMicroUnits, ...judgement })}`,
  };
}

function ageOf(ageMs: number): "fresh" | "final" {
  return ageMs >= FINAL_AGE_MS ? "final" : "fresh";
}
