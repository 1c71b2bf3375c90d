import type { Day } from "../ledger/roll-ups.ts";
import { UNATTRIBUTED } from "../usage/usage-event.ts";
import type { OutcomeEvent } from "./outcome-event.ts";
import type { SessionIndex } from "./session-index.ts";
import { explicitLinks, type SessionLink, windowShareLinks } from "./session-links.ts";

/** Which session-days may have produced a task. */
export type TaskLinks = {
  /** Days of the sessions. */
  readonly days: ReadonlySet<Day>;
  /**
   * Session-days that produced one outcome that earns, as known at a time. A session that works on
   * a colleague's task takes part in what its own person delivers of it, and in no more.
   */
  readonly sessionsOf: (outcome: OutcomeEvent, asOfMs: number) => readonly SessionLink[];
};

/** Links of the outcome itself, of its task, and of its person's weeks: the first that is known counts. */
type LinkTiers = readonly (readonly SessionLink[])[];

/**
 * @param earning Outcomes of the task that earn.
 * @param shipping Deployments of them.
 */
export function taskLinks(
  earning: readonly OutcomeEvent[],
  shipping: readonly OutcomeEvent[],
  index: SessionIndex,
): TaskLinks {
  const task = earning.length === 0 ? [] : explicitLinks([...earning, ...shipping], index);
  const links = new Map(earning.map((outcome) => [outcome, linkTiers(outcome, task, index)]));
  const all = [...links.values()].flatMap((tiers) => tiers.flat());
  return {
    days: new Set(all.map(({ fact }) => fact.day)),
    sessionsOf: (outcome, asOfMs) => {
      const known = links
        .get(outcome)
        ?.map((tier) => tier.filter(({ sinceMs }) => sinceMs <= asOfMs));
      return known?.find((tier) => tier.length > 0) ?? [];
    },
  };
}

function linkTiers(
  outcome: OutcomeEvent,
  task: readonly SessionLink[],
  index: SessionIndex,
): LinkTiers {
  const own = explicitLinks([outcome], index);
  if (own.some(({ sinceMs }) => sinceMs <= outcome.timeMs)) {
    return [own];
  }
  const isTheirs = ({ fact }: SessionLink) => fact.user === outcome.user;
  const hasAuthor = outcome.kind === "change_merged" && outcome.user !== UNATTRIBUTED;
  return [own, hasAuthor ? task.filter(isTheirs) : task, windowShareLinks([outcome], index)];
}
