import {
  burstThenIdle,
  busywork,
  idleLoop,
  outcomeFarming,
  repeatedCalls,
  salamiSessions,
} from "./added-sessions.ts";
import { contextStuffing, dearModel, needlessAgents, slowBurn } from "./changed-sessions.ts";
import { prSplitting, sessionLaundering, trivialDeployments } from "./padded-outcomes.ts";
import { BASE_TACTICS, type Tactic, type TacticName } from "./tactic.ts";

const MIXED = 3;

/** A third of the waste by each of three of the seven. */
const mixedTactics: Tactic = (attempt) => {
  const { random, usd } = attempt;
  const first = random.whole(0, BASE_TACTICS.length - 1);
  return Array.from({ length: MIXED }, (_, at) => (first + 2 * at) % BASE_TACTICS.length).reduce(
    (week, at) =>
      CATALOGUE[BASE_TACTICS[at] ?? "slow burn"].tactic({ ...attempt, week, usd: usd / MIXED }),
    attempt.week,
  );
};

/** What each tactic does, and what it asks of the person who tries it. */
export const CATALOGUE: Readonly<
  Record<TacticName, { readonly tactic: Tactic; readonly effort: string }>
> = {
  "idle loop": { tactic: idleLoop, effort: "one command in the evening" },
  "repeated calls": { tactic: repeatedCalls, effort: "a loop of a few lines" },
  "needless agents": { tactic: needlessAgents, effort: "a sentence in each prompt" },
  "PR splitting": { tactic: prSplitting, effort: "five to seven pull requests for one, each week" },
  "slow burn": { tactic: slowBurn, effort: "patience for weeks" },
  "trivial deployments": {
    tactic: trivialDeployments,
    effort: "four to nine small changes a week",
  },
  "dear model": { tactic: dearModel, effort: "one setting" },
  "context stuffing": { tactic: contextStuffing, effort: "documents pasted into each prompt" },
  "burst then idle": { tactic: burstThenIdle, effort: "two busy days" },
  "outcome farming": { tactic: outcomeFarming, effort: "a checkout of colleagues' commits" },
  "crowd masking": { tactic: busywork, effort: "an agreement of the whole team" },
  "baseline ramping": { tactic: slowBurn, effort: "eight weeks of growing waste beforehand" },
  "salami sessions": { tactic: salamiSessions, effort: "a script that starts dozens of sessions" },
  "session laundering": {
    tactic: sessionLaundering,
    effort: "one or two real small changes a week",
  },
  "mixed tactics": { tactic: mixedTactics, effort: "three tactics at once" },
};
