import { DAY_MS } from "../ledger/calendar.ts";
import { UNATTRIBUTED } from "../usage/usage-event.ts";
import { ATTRIBUTION_RULES, type AttributionRule } from "./delivery-unit.ts";
import type { OutcomeEvent } from "./outcome-event.ts";
import { commitKey, isSameCommit } from "./outcome-index.ts";
import { inTime, type SessionFact, type SessionIndex } from "./session-index.ts";
import { namesATask } from "./task-groups.ts";

/** A session-day that may have produced a task, and since when that can be known. */
export type SessionLink = {
  readonly fact: SessionFact;
  readonly rule: AttributionRule;
  /** From when both the session-day had ended and the outcome was delivered. */
  readonly sinceMs: number;
};

/** Sessions on a branch count for what is delivered from it within this time. */
const BRANCH_LOOK_BACK_MS = 60 * DAY_MS;
/**
 * The fallback window, 21 days before to 2 days after a merge: as in the attribution of pull
 * requests that Anthropic documents for Claude Code contribution metrics.
 */
const SHARE_LOOK_BACK_MS = 21 * DAY_MS;
const LOOK_AHEAD_MS = 2 * DAY_MS;

/** Sessions that outcomes of one task name, share a commit with, or share person and branch with. */
export function explicitLinks(
  outcomes: readonly OutcomeEvent[],
  index: SessionIndex,
): readonly SessionLink[] {
  const links: SessionLink[] = [];
  for (const outcome of outcomes) {
    for (const session of outcome.sessions) {
      addLinks(links, outcome, "named", index.bySession(session));
    }
    addCommitLinks(links, outcome, index);
    addLinks(links, outcome, "branch", branchFacts(outcome, index));
  }
  return strongest(links);
}

/** Sessions of the same people around the outcomes: all that is left if nothing links explicitly. */
export function windowShareLinks(
  outcomes: readonly OutcomeEvent[],
  index: SessionIndex,
): readonly SessionLink[] {
  const links: SessionLink[] = [];
  for (const outcome of outcomes) {
    addLinks(links, outcome, "window-share", nearbyFacts(outcome, index));
  }
  return strongest(links);
}

function addLinks(
  links: SessionLink[],
  { timeMs }: Pick<OutcomeEvent, "timeMs">,
  rule: AttributionRule,
  facts: readonly SessionFact[],
): void {
  for (const fact of facts) {
    links.push({ fact, rule, sinceMs: Math.max(fact.lastMs, timeMs) });
  }
}

/** The days with a commit of the outcome; with them, known from then, all days of that session. */
function addCommitLinks(
  links: SessionLink[],
  { commits, timeMs }: OutcomeEvent,
  index: SessionIndex,
): void {
  for (const commit of commits) {
    for (const commitDay of index.byCommitKey(commitKey(commit))) {
      if (commitDay.commits.some((other) => isSameCommit(commit, other))) {
        const { user, session, lastMs } = commitDay;
        const wholeSession = index.bySession(session).filter((fact) => fact.user === user);
        const known = { timeMs: Math.max(timeMs, lastMs) };
        addLinks(links, known, "commit", [commitDay, ...wholeSession]);
      }
    }
  }
}

function branchFacts(outcome: OutcomeEvent, index: SessionIndex): readonly SessionFact[] {
  const { branch, user, timeMs } = outcome;
  if (!namesATask(branch)) {
    return [];
  }
  return index
    .byBranch(user, branch)
    .filter(
      (fact) =>
        isSameRepository(outcome, fact) &&
        fact.lastMs >= timeMs - BRANCH_LOOK_BACK_MS &&
        fact.firstMs <= timeMs + LOOK_AHEAD_MS,
    );
}

function nearbyFacts(outcome: OutcomeEvent, index: SessionIndex): readonly SessionFact[] {
  const { user, timeMs } = outcome;
  return user === UNATTRIBUTED
    ? []
    : index
        .between(user, timeMs - SHARE_LOOK_BACK_MS, timeMs + LOOK_AHEAD_MS)
        .filter((fact) => isSameRepository(outcome, fact));
}

/** Not known to be another repository. */
function isSameRepository({ repository }: OutcomeEvent, { repositories }: SessionFact): boolean {
  const isUnknown = repository === undefined || repositories.length === 0;
  return isUnknown || repositories.includes(repository);
}

/** One link for each session-day, in order of time: by the strongest rule, since the earliest time. */
function strongest(links: readonly SessionLink[]): readonly SessionLink[] {
  // Most outcomes have links of one kind alone.
  return isInOrder(links) ? links : strongestOfEach(links);
}

function isInOrder(links: readonly SessionLink[]): boolean {
  return links.every(({ fact }, at) => {
    const next = links[at + 1];
    return next === undefined || inTime(fact, next.fact) < 0;
  });
}

function strongestOfEach(links: readonly SessionLink[]): readonly SessionLink[] {
  const byFact = new Map<SessionFact, SessionLink>();
  for (const link of links) {
    const known = byFact.get(link.fact);
    byFact.set(link.fact, known === undefined ? link : stronger(known, link));
  }
  return [...byFact.values()].sort((a, b) => inTime(a.fact, b.fact));
}

function stronger(a: SessionLink, b: SessionLink): SessionLink {
  const rule = strongerRule(a.rule, b.rule);
  return { fact: a.fact, rule, sinceMs: Math.min(a.sinceMs, b.sinceMs) };
}

export function strongerRule(a: AttributionRule, b: AttributionRule): AttributionRule {
  return ATTRIBUTION_RULES.indexOf(b) < ATTRIBUTION_RULES.indexOf(a) ? b : a;
}
