import { ENDS_MS } from "./calendar.ts";
import { HARD_TASK } from "./hard-task.ts";
import { MISUSES } from "./misuse.ts";
import { ordinaryWork } from "./ordinary-work.ts";
import type { Person } from "./people.ts";
import { makePeople } from "./people.ts";
import type { Random } from "./random.ts";
import { randomStream } from "./random.ts";
import type { GroundTruth } from "./seasons.ts";
import { decoyTruths, seasonsOf } from "./seasons.ts";
import { readSessionStatistics } from "./session-statistics.ts";
import type { Change, ChangeDraft, Session, Work } from "./work.ts";
import { sessionStartMs } from "./work.ts";

/** Everything that happened in the invented organisation in its twelve weeks. */
export type Organisation = {
  readonly people: readonly Person[];
  /** In order of their first call. */
  readonly sessions: readonly Session[];
  /** In order of opening; numbered per repository. */
  readonly changes: readonly Change[];
  /** What really happened: known to the demo's summary, and to nothing that scores. */
  readonly truths: readonly GroundTruth[];
};

const SPECIAL = [...MISUSES, HARD_TASK];
const REVERTED_SHARE = 0.03;
const MEDIAN_REVERT_LAG_MS = 36 * 3_600_000;
const FIRST_NUMBER = 1_000;
/** The trailer that Claude Code puts into what it commits. */
const CO_AUTHORED = "Co-Authored-By: Claude <noreply@anthropic.com>";

/** The same seed makes the same organisation, byte for byte. */
export function makeOrganisation(seed: number): Organisation {
  const statistics = readSessionStatistics();
  const people = makePeople(seed, statistics);
  const works = people.map((person): Work => {
    const cases = SPECIAL.filter((each) => each.login === person.login);
    const seasons = [...seasonsOf(person), ...cases.map((each) => each.season)];
    const honest = ordinaryWork(seed, person, statistics, seasons);
    const injected = cases.map((each) => each.work(seed, person));
    return {
      sessions: [honest, ...injected].flatMap((work) => work.sessions),
      changes: [honest, ...injected].flatMap((work) => work.changes),
    };
  });
  const sessions = works
    .flatMap((work) => work.sessions)
    .filter((session) => sessionStartMs(session) < ENDS_MS)
    .sort((a, b) => sessionStartMs(a) - sessionStartMs(b));
  const drafts = works.flatMap((work) => work.changes);
  const reverts = revertSome(randomStream(seed, "reverts"), people, drafts);
  return {
    people,
    sessions,
    changes: numberChanges([...drafts, ...reverts]),
    truths: [...SPECIAL.map((each) => each.truth), ...decoyTruths()],
  };
}

/** A teammate undoes a merged change some days later. */
function revertSome(
  random: Random,
  people: readonly Person[],
  drafts: readonly ChangeDraft[],
): readonly ChangeDraft[] {
  return drafts.flatMap((draft) => {
    if (draft.closes?.merged !== true || !random.chance(REVERTED_SHARE)) {
      return [];
    }
    const mates = people.filter((person) => person.team.id === draft.author.team.id);
    const openedMs = draft.closes.timeMs + random.logNormal(MEDIAN_REVERT_LAG_MS, 0.6);
    return [
      {
        ...draft,
        author: mates[random.whole(0, mates.length - 1)] ?? draft.author,
        title: `Revert "${draft.title}"`,
        branch: `revert-${draft.branch.replace("feat/", "")}`,
        headSha: random.hex(40),
        mergeSha: random.hex(40),
        commits: 1,
        additions: draft.deletions,
        deletions: draft.additions,
        openedMs,
        closes: { timeMs: openedMs + 20 * 60_000, merged: true },
        deployed: { timeMs: openedMs + 80 * 60_000, id: random.whole(100_000_000, 999_999_999) },
        reverts: draft,
      },
    ];
  });
}

/** Numbers changes per repository in order of opening, as the code host does. */
function numberChanges(drafts: readonly ChangeDraft[]): readonly Change[] {
  const ordered = drafts.toSorted((a, b) => a.openedMs - b.openedMs);
  const next = new Map<string, number>();
  const numbers = new Map<ChangeDraft, number>();
  for (const draft of ordered) {
    const number = next.get(draft.repository) ?? FIRST_NUMBER;
    next.set(draft.repository, number + 1);
    numbers.set(draft, number);
  }
  const numberOf = (draft: ChangeDraft) => numbers.get(draft) ?? FIRST_NUMBER;
  return ordered.map((draft) => {
    const { reverts, ...change } = draft;
    const number = numberOf(draft);
    if (reverts === undefined) {
      return { ...change, number, body: CO_AUTHORED };
    }
    const undone = { number: numberOf(reverts), mergeSha: reverts.mergeSha, title: reverts.title };
    const body = `Reverts ${draft.repository}#${undone.number}`;
    return { ...change, number, body, reverts: undone };
  });
}
