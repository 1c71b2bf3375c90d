import type { Tactic } from "./tactic.ts";
import { anySession, hourOf, parts, wasteSession } from "./waste-sessions.ts";

const POLLING_MIX = { uncachedInput: 0.1, cacheRead: 0.74, cacheWrite: 0.1, output: 0.06 };

/** An agent left polling overnight: evening and early morning, on one night to three. */
export const idleLoop: Tactic = ({ random, week, usd }) => {
  const firstNight = random.whole(0, 2);
  const everyMs = random.between(60_000, 240_000);
  const { branch } = anySession(random, week);
  const nights = parts(random, usd, random.whole(1, 3)).flatMap((nightUsd, night) => {
    const day = firstNight + night;
    const halves = [
      { firstMs: hourOf(week.week, day, 19), lastMs: hourOf(week.week, day, 23.97), share: 0.45 },
      {
        firstMs: hourOf(week.week, day + 1, 0),
        lastMs: hourOf(week.week, day + 1, 6),
        share: 0.55,
      },
    ];
    return halves.map(({ firstMs, lastMs, share }) =>
      wasteSession(random, week, {
        usd: nightUsd * share,
        label: `idle-${night}`,
        firstMs,
        lastMs,
        calls: Math.round((lastMs - firstMs) / everyMs),
        mix: POLLING_MIX,
        distinctShare: 0.05,
        // Half of the loops were started where the person had just worked.
        ...(branch !== undefined && night % 2 === 0 ? { branch } : {}),
      }),
    );
  });
  return { ...week, sessions: [...week.sessions, ...nights] };
};

/** The same requests again and again, on a branch that real work is done on. */
export const repeatedCalls: Tactic = ({ random, week, usd }) => {
  const repeats = parts(random, usd, random.whole(2, 4)).map((partUsd, at) => {
    const { branch } = anySession(random, week);
    return wasteSession(random, week, {
      usd: partUsd,
      label: `repeats-${at}`,
      distinctShare: random.between(0.05, 0.3),
      ...(branch === undefined ? {} : { branch }),
    });
  });
  return { ...week, sessions: [...week.sessions, ...repeats] };
};

/** Everything on the last two work days, as before a quota is looked at. */
export const burstThenIdle: Tactic = ({ random, week, usd }) => {
  const burst = parts(random, usd, random.whole(4, 8)).map((partUsd, at) => {
    const firstMs = hourOf(week.week, random.whole(3, 4), random.between(8, 18));
    return wasteSession(random, week, { usd: partUsd, label: `burst-${at}`, firstMs });
  });
  return { ...week, sessions: [...week.sessions, ...burst] };
};

/** Busywork that links to nothing; in a crowd, everyone of the team does it in the same week. */
export const busywork: Tactic = ({ random, week, usd }) => {
  const busy = parts(random, usd, random.whole(2, 5)).map((partUsd, at) =>
    wasteSession(random, week, { usd: partUsd, label: `busy-${at}` }),
  );
  return { ...week, sessions: [...week.sessions, ...busy] };
};

const SLICE_USD = 0.5;
const MOST_SLICES = 150;

/** Many sessions of some fifty cents. */
export const salamiSessions: Tactic = ({ random, week, usd }) => {
  const count = Math.max(2, Math.min(MOST_SLICES, Math.round(usd / SLICE_USD)));
  const slices = parts(random, usd, count).map((partUsd, at) =>
    wasteSession(random, week, { usd: partUsd, label: `slice-${at}` }),
  );
  return { ...week, sessions: [...week.sessions, ...slices] };
};

/** Waste that carries the commits of colleagues' changes, to share in what they deliver. */
export const outcomeFarming: Tactic = ({ random, week, usd, colleagues }) => {
  const farmed = parts(random, usd, random.whole(2, 4)).map((partUsd, at) => {
    const change = colleagues[random.whole(0, Math.max(0, colleagues.length - 1))];
    return wasteSession(random, week, {
      usd: partUsd,
      label: `farm-${at}`,
      commits: change?.commits ?? [],
    });
  });
  return { ...week, sessions: [...week.sessions, ...farmed] };
};
