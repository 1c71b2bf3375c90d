import type { Random } from "../../../../infra/demo/random.ts";
import type { OutcomeEvent } from "../../../../shared/outcomes/outcome-event.ts";
import type { UserWeek } from "../organisation/work.ts";

/** The seven that the base scenario injects, in the words of the report. */
export const BASE_TACTICS = [
  "idle loop",
  "repeated calls",
  "needless agents",
  "PR splitting",
  "slow burn",
  "trivial deployments",
  "dear model",
] as const;

/** Further ones of the catalogue of what people were seen to do, or could. */
export const EVASIVE_TACTICS = [
  "context stuffing",
  "burst then idle",
  "outcome farming",
  "crowd masking",
  "baseline ramping",
  "salami sessions",
  "session laundering",
  "mixed tactics",
] as const;

export type TacticName = (typeof BASE_TACTICS)[number] | (typeof EVASIVE_TACTICS)[number];

export type Attempt = {
  readonly random: Random;
  /** The honest week, with one session or more. */
  readonly week: UserWeek;
  /** Dollars to waste. */
  readonly usd: number;
  /** Changes that colleagues of the same team merge that week. */
  readonly colleagues: readonly OutcomeEvent[];
};

/** Makes an honest week a gamed one. It may add to the week and change what is in it, nothing else. */
export type Tactic = (attempt: Attempt) => UserWeek;
