import { type Random, randomStream } from "../../../../infra/demo/random.ts";
import { HISTORY_WEEKS, type Member, WEEKS, weekKey } from "../organisation/work.ts";
import { BASE_TACTICS, type TacticName } from "./tactic.ts";

export type GamingSettings = {
  /** Share of the test's user-weeks that are gamed; chronic gamers count towards it. */
  readonly share: number;
  readonly tactics: readonly TacticName[];
  /** Share of the history's user-weeks that are gamed, unlabelled for every judge. */
  readonly historyShare?: number;
  /** Share of people who game in every week, history and test. */
  readonly chronicShare?: number;
  /** Each gamed week costs this factor of the honest one; by default it is drawn for each week. */
  readonly factor?: number;
};

/** Waste of a week, in relation to something. */
export type WasteRule =
  /** Of the person's usual week. */
  | { readonly of: "usual"; readonly share: number }
  /** Of the same week without the waste. */
  | { readonly of: "week"; readonly share: number };

export type PlannedWeek = {
  readonly user: string;
  readonly week: number;
  readonly tactic: TacticName;
  readonly waste: WasteRule;
  /** Week in which the gaming of this person began. */
  readonly since: number;
};

/** Between 60 % and 240 % of a usual week on top, the logarithm uniform. */
const LEAST_WASTE = 0.6;
const MOST_WASTE = 2.4;
const BURN_GROWTH = 1.35;
const RAMP_BEGINS = 2;
const DEFAULT_RAMP = 2;

export type Active = {
  readonly members: readonly Member[];
  /** Whether a person has sessions in a week: there is nothing to game in others. */
  readonly isActive: (user: string, week: number) => boolean;
};

/** Who games when, how, and how much. Depends on the seed and on who works when, on nothing else. */
export function planGaming(
  seed: number,
  active: Active,
  settings: GamingSettings,
): readonly PlannedWeek[] {
  const random = randomStream(seed, "plan of the gaming");
  const people = shuffled(random, active.members);
  const planned = new Map<string, PlannedWeek>();
  const add = (weeks: readonly PlannedWeek[]) => {
    let added = 0;
    for (const week of weeks) {
      const key = weekKey(week.user, week.week);
      if (active.isActive(week.user, week.week) && !planned.has(key)) {
        planned.set(key, week);
        added += week.week < HISTORY_WEEKS ? 0 : 1;
      }
    }
    return added;
  };
  const chronic = people.splice(0, Math.round((settings.chronicShare ?? 0) * people.length));
  let left = Math.round(settings.share * activeWeeks(active, HISTORY_WEEKS, WEEKS));
  for (const { user } of chronic) {
    left -= add(chronicWeeks(random, user, settings));
  }
  planEpisodes(random, active, settings, { people, left, add });
  planHistory(random, active, settings, add);
  return [...planned.values()];
}

type Episodes = {
  readonly people: Member[];
  readonly left: number;
  readonly add: (weeks: readonly PlannedWeek[]) => number;
};

/** As many user-weeks for each tactic, in episodes of different people as long as there are any. */
function planEpisodes(
  random: Random,
  active: Active,
  settings: GamingSettings,
  { people, left, add }: Episodes,
): void {
  const quota = left / settings.tactics.length;
  let owed = 0;
  for (const tactic of settings.tactics) {
    owed += quota;
    for (let tries = 0; owed >= 0.5 && tries < people.length; tries += 1) {
      const person = people.shift();
      if (person !== undefined) {
        people.push(person);
        const weeks = episode(random, tactic, person, active.members, settings);
        const kept = tactic === "crowd masking" ? weeks : weeks.slice(0, longest(tactic, owed));
        owed -= add(kept);
      }
    }
  }
}

function longest(tactic: TacticName, owed: number): number {
  return tactic === "baseline ramping" ? WEEKS : Math.max(1, Math.round(owed));
}

function episode(
  random: Random,
  tactic: TacticName,
  { user, team }: Member,
  members: readonly Member[],
  settings: GamingSettings,
): readonly PlannedWeek[] {
  const start = random.whole(HISTORY_WEEKS, WEEKS - 1);
  const lasts = random.whole(1, 2);
  const factor = settings.factor;
  switch (tactic) {
    case "slow burn": {
      const since = factor === undefined ? HISTORY_WEEKS + random.whole(0, 1) : start;
      return span(since, WEEKS).map((week, at) => {
        const share = (factor ?? BURN_GROWTH ** (at + 1)) - 1;
        return { user, week, tactic, since, waste: { of: "week", share } };
      });
    }
    case "baseline ramping": {
      const top = (factor ?? DEFAULT_RAMP) - 1;
      return span(RAMP_BEGINS, WEEKS).map((week) => {
        const done = Math.min(1, (week - RAMP_BEGINS) / (HISTORY_WEEKS - RAMP_BEGINS));
        const waste = { of: "week", share: top * done } as const;
        return { user, week, tactic, since: HISTORY_WEEKS, waste };
      });
    }
    case "crowd masking":
      return members
        .filter((member) => member.team === team)
        .map((member) => planned(random, member.user, start, tactic, start, settings));
    default:
      return span(start, Math.min(WEEKS, start + lasts)).map((week) =>
        planned(random, user, week, tactic, start, settings),
      );
  }
}

function chronicWeeks(random: Random, user: string, settings: GamingSettings) {
  const tactic = BASE_TACTICS[random.whole(0, BASE_TACTICS.length - 1)] ?? "idle loop";
  return span(0, WEEKS).map((week) => planned(random, user, week, tactic, HISTORY_WEEKS, settings));
}

function planHistory(
  random: Random,
  active: Active,
  settings: GamingSettings,
  add: Episodes["add"],
): void {
  const count = (settings.historyShare ?? 0) * activeWeeks(active, 0, HISTORY_WEEKS);
  for (let at = 0; at < Math.round(count); at += 1) {
    const member = active.members[random.whole(0, active.members.length - 1)];
    const tactic = BASE_TACTICS[at % BASE_TACTICS.length] ?? "idle loop";
    const week = random.whole(0, HISTORY_WEEKS - 1);
    if (member !== undefined) {
      add([planned(random, member.user, week, tactic, week, settings)]);
    }
  }
}

function planned(
  random: Random,
  user: string,
  week: number,
  tactic: TacticName,
  since: number,
  { factor }: GamingSettings,
): PlannedWeek {
  const drawn = LEAST_WASTE * (MOST_WASTE / LEAST_WASTE) ** random.unit();
  const waste: WasteRule =
    factor === undefined ? { of: "usual", share: drawn } : { of: "week", share: factor - 1 };
  return { user, week, tactic, since, waste };
}

function activeWeeks({ members, isActive }: Active, from: number, to: number): number {
  return members.reduce(
    (sum, { user }) => sum + span(from, to).filter((week) => isActive(user, week)).length,
    0,
  );
}

function span(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);
}

function shuffled(random: Random, members: readonly Member[]): Member[] {
  return members
    .map((member) => ({ member, order: random.unit() }))
    .sort((a, b) => a.order - b.order)
    .map(({ member }) => member);
}
