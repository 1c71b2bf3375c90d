import { type Random, randomStream } from "../../../../infra/demo/random.ts";
import { HISTORY_WEEKS } from "./work.ts";

/** As many as the board has tasks. */
const TASKS = 500;
/** Share of a team's tasks that belong to its current epic, and are as hard as that. */
const EPIC_SHARE = 0.25;
const WEEKS_OF_AN_EPIC = 2;

export type TaskDifficulties = {
  /** Standard normal over all tasks. History and test draw from halves that share no task. */
  readonly draw: (random: Random, team: string, week: number, hardTilt: number) => number;
  /** The half that a week draws from. */
  readonly half: (week: number) => readonly number[];
};

export function taskDifficulties(seed: number): TaskDifficulties {
  const random = randomStream(seed, "halves of the tasks");
  const shuffled = Array.from({ length: TASKS }, (_, at) => ({
    difficulty: normalQuantile((at + 0.5) / TASKS),
    order: random.unit(),
  })).sort((a, b) => a.order - b.order);
  const values = shuffled.map(({ difficulty }) => difficulty);
  const [history, test] = [values.slice(0, TASKS / 2), values.slice(TASKS / 2)];
  const half = (week: number) => (week < HISTORY_WEEKS ? history : test);
  const pick = (from: Random, week: number) => half(week)[from.whole(0, TASKS / 2 - 1)] ?? 0;
  return {
    half,
    draw: (from, team, week, hardTilt) => {
      const [one, other] = [pick(from, week), pick(from, week)];
      const epic = Math.floor(week / WEEKS_OF_AN_EPIC);
      if (from.chance(EPIC_SHARE)) {
        return pick(randomStream(seed, `epic ${epic} of ${team}`), week);
      }
      if (!from.chance(Math.abs(hardTilt))) {
        return one;
      }
      return hardTilt > 0 ? Math.max(one, other) : Math.min(one, other);
    },
  };
}

/** By Box and Muller there is no quantile; this one is good to 4.5e-4 (Abramowitz and Stegun, 26.2.23). */
function normalQuantile(share: number): number {
  const tail = Math.min(share, 1 - share);
  const t = Math.sqrt(-2 * Math.log(tail));
  const z =
    t -
    (2.515517 + 0.802853 * t + 0.010328 * t ** 2) /
      (1 + 1.432788 * t + 0.189269 * t ** 2 + 0.001308 * t ** 3);
  return share < 0.5 ? -z : z;
}
