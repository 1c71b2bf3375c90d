import { DAY_MS, dayOf } from "./calendar.ts";
import type { CallTokens, Model, ModelCall } from "./model-calls.ts";
import { listCostUsd, requestId } from "./model-calls.ts";
import type { Person } from "./people.ts";
import type { Random } from "./random.ts";
import type { GroundTruth, Season } from "./seasons.ts";
import type { Session, Work } from "./work.ts";

/** Work that is written into the demo, wasteful or not, besides what a person does by habit. */
export type SpecialWork = {
  readonly login: string;
  readonly truth: GroundTruth;
  /** What is left of the person's usual work in that time. */
  readonly season: Season;
  readonly work: (seed: number, person: Person) => Work;
};

export type SpecialCase = {
  readonly login: string;
  readonly fromMs: number;
  readonly days: number;
  /** Share of the usual sessions that still happen. */
  readonly usual: number;
};

export function special(
  at: SpecialCase,
  truth: Pick<GroundTruth, "kind" | "waste" | "note">,
  work: (seed: number, person: Person) => Work,
): SpecialWork {
  const toMs = at.fromMs + at.days * DAY_MS;
  return {
    login: at.login,
    truth: { user: at.login, from: dayOf(at.fromMs), to: dayOf(toMs), ...truth },
    season: { fromMs: at.fromMs, toMs, sessions: at.usual, cost: 1, logOdds: 0 },
    work,
  };
}

/** What a session is made of, apart from whose it is. */
export type Repetition = {
  readonly model: Model;
  readonly times: readonly number[];
  readonly tokens: (index: number) => CallTokens;
  readonly agent?: (index: number) => string;
};

export function repeatCalls(random: Random, person: Person, of: Repetition): Session {
  const calls: ModelCall[] = of.times.map((timeMs, index) => ({
    id: requestId(random),
    timeMs,
    model: of.model,
    tokens: of.tokens(index),
    ...(of.agent !== undefined && { agent: of.agent(index) }),
  }));
  return {
    id: random.uuid(),
    person,
    calls,
    commits: [],
    drawnCostUsd: calls.reduce((total, call) => total + listCostUsd(call.model, call.tokens), 0),
    succeeded: false,
  };
}
