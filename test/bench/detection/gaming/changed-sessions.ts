import { DEAREST, listCost } from "../organisation/priced-models.ts";
import { costUsd, type WorkSession } from "../organisation/work.ts";
import type { Tactic } from "./tactic.ts";
import { inflated } from "./waste-sessions.ts";

/** Sub-agents for what one agent does: half of the sessions fan out. */
export const needlessAgents: Tactic = ({ random, week, usd }) => {
  const chosen = new Set(week.sessions.filter(() => random.chance(0.5)).map(({ id }) => id));
  const fanned =
    chosen.size === 0 ? week.sessions : week.sessions.filter(({ id }) => chosen.has(id));
  const factor = 1 + usd / costUsd(fanned);
  const ids = new Set(fanned.map(({ id }) => id));
  const sessions = week.sessions.map((session) =>
    ids.has(session.id)
      ? { ...inflated(session, factor), agents: session.agents + random.whole(4, 14) }
      : session,
  );
  return { ...week, sessions };
};

/** More of everything: each session costs the same factor more, for the same work. */
export const slowBurn: Tactic = ({ week, usd }) => {
  const factor = 1 + usd / costUsd(week.sessions);
  return { ...week, sessions: week.sessions.map((session) => inflated(session, factor)) };
};

/** Easy work goes to the dearest model, token by token the same, until it has wasted enough. */
export const dearModel: Tactic = ({ week, usd }) => {
  const easiest = week.sessions.toSorted((a, b) => a.difficulty - b.difficulty);
  const moved = new Map<WorkSession, WorkSession>();
  let wasted = 0;
  for (const session of easiest) {
    const dear = { ...session, model: DEAREST };
    const more = costUsd([dear]) - costUsd([session]);
    if (wasted < usd && more > 0) {
      moved.set(session, dear);
      wasted += more;
    }
  }
  return { ...week, sessions: week.sessions.map((session) => moved.get(session) ?? session) };
};

/** Whole documents and chats pasted in: more input, the same calls and the same answers. */
export const contextStuffing: Tactic = ({ week, usd }) => {
  const perUsd = usd / costUsd(week.sessions);
  const sessions = week.sessions.map((session) => {
    const { model, tokens } = session;
    const nano = perUsd * listCost(model, tokens);
    const isWriter = model.rates.cacheWrite5m > 0;
    const pasted = isWriter ? 0.5 * nano : nano;
    return {
      ...session,
      tokens: {
        ...tokens,
        uncachedInput: tokens.uncachedInput + Math.round(pasted / model.rates.uncachedInput),
        cacheWrite5m: isWriter
          ? tokens.cacheWrite5m + Math.round((0.5 * nano) / model.rates.cacheWrite5m)
          : tokens.cacheWrite5m,
      },
    };
  });
  return { ...week, sessions };
};
