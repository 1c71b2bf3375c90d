import { DAY_MS, HOUR_MS, MINUTE_MS, weekStartMs } from "./calendar.ts";
import { burstTimes, tokensForCost } from "./model-calls.ts";
import { randomStream } from "./random.ts";
import type { SpecialWork } from "./special-work.ts";
import { repeatCalls, special } from "./special-work.ts";
import type { Session } from "./work.ts";

const SESSIONS = 5;
const CALLS = 16;

/** A hard, expensive task that ships: several long sessions on one branch, a large change, deployed. */
export const HARD_TASK: SpecialWork = special(
  { login: "user-009", fromMs: weekStartMs(11), days: 5, usual: 0.7 },
  {
    kind: "hard-task",
    waste: false,
    note: "a hard, expensive task that shipped within the week",
  },
  (seed, person) => {
    const random = randomStream(seed, `hard task ${person.login}`);
    const branch = `feat/${person.team.key.toLowerCase()}-990`;
    const sessions = Array.from({ length: SESSIONS }, (_, part): Session => {
      const startMs =
        weekStartMs(11) + Math.floor(part / 2) * DAY_MS + (9 + (part % 2) * 5) * HOUR_MS;
      const tokens = tokensForCost(random, "claude-opus-4-5", CALLS, random.logNormal(4, 0.2));
      const session = repeatCalls(random, person, {
        model: "claude-opus-4-5",
        times: burstTimes(random, startMs, CALLS),
        tokens: (index) => tokens[index] ?? { input: 0, cacheRead: 0, cacheWrite: 0, output: 0 },
      });
      const timeMs = (session.calls.at(-1)?.timeMs ?? startMs) + 800;
      return { ...session, branch, commits: [{ sha: random.hex(40), timeMs }], succeeded: true };
    });
    const openedMs = weekStartMs(11) + 2 * DAY_MS + 16 * HOUR_MS;
    const change = {
      author: person,
      repository: `acme/${person.team.repositories[0]}`,
      title: `${person.team.key}-990: replace the pricing engine`,
      branch,
      headSha: sessions.at(-1)?.commits[0]?.sha ?? random.hex(40),
      mergeSha: random.hex(40),
      commits: SESSIONS,
      additions: 740,
      deletions: 410,
      files: 27,
      openedMs,
      closes: { timeMs: openedMs + 18 * HOUR_MS, merged: true },
      deployed: { timeMs: openedMs + 18 * HOUR_MS + 40 * MINUTE_MS, id: random.whole(1e8, 1e9) },
    };
    return { sessions, changes: [change] };
  },
);
