import { UNATTRIBUTED } from "../usage/usage-event.ts";
import type { OutcomeEvent } from "./outcome-event.ts";
import type { SessionIndex } from "./session-index.ts";
import { explicitLinks, type SessionLink, windowShareLinks } from "./session-links.ts";

/**
 * Session-days that may have produced one outcome that earns: links of the outcome itself, of its
 * task, and of its person's weeks. The first that are known count.
 */
export type LinkTiers = readonly (readonly SessionLink[])[];

/**
 * A session that works on a colleague's task takes part in what its own person delivers of it, and
 * in no more.
 *
 * @param earning Outcomes of the task that earn.
 * @param shipping Deployments of them.
 * @returns Links of the earning outcomes, in their order.
 */
export function taskLinks(
  earning: readonly OutcomeEvent[],
  shipping: readonly OutcomeEvent[],
  index: SessionIndex,
): readonly LinkTiers[] {
  let all: readonly SessionLink[] | undefined;
  const ofTask = () => {
    all ??= explicitLinks([...earning, ...shipping], index);
    return all;
  };
  return earning.map((outcome) => linkTiers(outcome, ofTask, index));
}

function linkTiers(
  outcome: OutcomeEvent,
  ofTask: () => readonly SessionLink[],
  index: SessionIndex,
): LinkTiers {
  const own = explicitLinks([outcome], index);
  if (own.some(({ sinceMs }) => sinceMs <= outcome.timeMs)) {
    return [own];
  }
  const isTheirs = ({ fact }: SessionLink) => fact.user === outcome.user;
  const hasAuthor = outcome.kind === "change_merged" && outcome.user !== UNATTRIBUTED;
  const task = ofTask();
  const tiers = [own, hasAuthor ? task.filter(isTheirs) : task, windowShareLinks([outcome], index)];
  return tiers.filter(({ length }) => length > 0);
}
