import { dayOf, MINUTE_MS } from "./calendar.ts";
import type { Person } from "./people.ts";
import { randomStream } from "./random.ts";
import type { GroundTruth } from "./seasons.ts";
import { repeatCalls } from "./special-work.ts";
import type { Session } from "./work.ts";

export const RUNAWAY_LOGIN = "user-013";

const CALLS = 180;
const CALLS_PER_MINUTE = 6;
const RUNS_FOR_MINUTES = CALLS / CALLS_PER_MINUTE;

/**
 * The one session of the demo that is still open: an agent going in circles on the dearest model, at
 * many times what a session costs that ends in something. Its last call is just now, as only a
 * session that is running can be stopped.
 */
export function runawaySession(seed: number, person: Person, nowMs: number): Session {
  const random = randomStream(seed, `runaway ${person.login}`);
  const startMs = (Math.floor(nowMs / MINUTE_MS) - RUNS_FOR_MINUTES) * MINUTE_MS;
  return repeatCalls(random, person, {
    model: "claude-opus-4-5",
    times: Array.from(
      { length: CALLS },
      (_, index) => startMs + index * (MINUTE_MS / CALLS_PER_MINUTE) + random.whole(0, 8_000),
    ),
    tokens: (index) => ({
      input: random.whole(5, 200),
      cacheRead: 40_000 + (index % 20) * 6_500,
      cacheWrite: random.whole(18_000, 26_000),
      output: random.whole(3_500, 6_500),
    }),
  });
}

export function runawayTruth(session: Session): GroundTruth {
  const lastMs = session.calls.at(-1)?.timeMs ?? 0;
  return {
    user: session.person.login,
    kind: "runaway",
    waste: true,
    from: dayOf(session.calls[0]?.timeMs ?? lastMs),
    to: dayOf(lastMs + 86_400_000),
    note: "a session that is running now, at many times what successful ones cost",
    session: session.id,
  };
}
