import { neighboursOf } from "../../shared/ledger/across-midnight.ts";
import type { Day } from "../../shared/ledger/roll-ups.ts";
import type { UsageLedger } from "../../shared/ports/usage-ledger.ts";
import type { UsageEvent, UserPseudonym } from "../../shared/usage/usage-event.ts";

/**
 * Every entry that a user's day is folded from: its own, and those of a day beside it if the user was
 * at work within minutes of it. Segments are in order of session, so a day is read whole.
 */
export async function readEntriesOfDay(
  ledger: Pick<UsageLedger, "readUserDay">,
  user: UserPseudonym,
  day: Day,
): Promise<readonly UsageEvent[]> {
  const own = await ledger.readUserDay(user, day);
  const beside = await Promise.all(
    neighboursOf(day, own).map((other) => ledger.readUserDay(user, other)),
  );
  return [...own, ...beside.flat()];
}
