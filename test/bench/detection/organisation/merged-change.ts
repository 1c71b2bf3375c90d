import type { Random } from "../../../../infra/demo/random.ts";
import type { OutcomeEvent } from "../../../../shared/outcomes/outcome-event.ts";
import { commitOf } from "./commit-of.ts";
import { HOUR_MS, type WorkSession } from "./work.ts";

const LAG_SIGMA = 0.9;
const LONGEST_LAG_HOURS = 21 * 24;

type Delivered = {
  readonly user: string;
  readonly session: WorkSession;
  readonly name: string;
  readonly branch: string;
  /** Median hours until the change is merged. */
  readonly lagHours: number;
};

/** A change that a session led to, merged after a log-normal delay; sizes are log-normal too. */
export function changeOf(random: Random, delivered: Delivered): OutcomeEvent {
  const { user, session, name, branch, lagHours } = delivered;
  const lag = Math.min(LONGEST_LAG_HOURS, random.logNormal(lagHours, LAG_SIGMA));
  const lines = Math.max(1, Math.round(random.logNormal(85, 1.1)));
  const deleted = Math.round(lines * random.between(0, 0.5));
  return {
    id: `github:${session.repository}#${name}`,
    timeMs: Math.round(session.lastMs + lag * HOUR_MS),
    kind: "change_merged",
    user,
    repository: session.repository,
    branch,
    commits: [commitOf(`merge of ${name}`), ...session.commits],
    size: {
      additions: lines - Math.min(deleted, lines),
      deletions: Math.min(deleted, lines),
      files: 1 + Math.round(lines / 60),
      ignoredLines: random.chance(0.1) ? Math.round(lines * random.between(0, 0.4)) : 0,
    },
    sessions: [],
    status: "succeeded",
  };
}

const REVERT_DAYS = 5;

/** Takes a change back some days after its merge. */
export function revertOf(random: Random, change: OutcomeEvent): OutcomeEvent {
  return {
    ...change,
    id: `${change.id}-revert`,
    timeMs: Math.round(change.timeMs + random.between(0.1, REVERT_DAYS) * 24 * HOUR_MS),
    branch: `revert-${change.branch ?? ""}`,
    commits: [commitOf(`revert of ${change.id}`)],
    reverts: change.id,
  };
}
