import { neighboursOf } from "../../shared/ledger/across-midnight.ts";
import type { Day } from "../../shared/ledger/roll-ups.ts";
import type { UsageLedger } from "../../shared/ports/usage-ledger.ts";
import type { UsageEvent, UserPseudonym } from "../../shared/usage/usage-event.ts";

/**
 * Every entry that a person's day is folded from: its own, under each name, and those of a day beside it
 * if the person was at work within minutes of it. Segments are in order of session, so a day is read whole.
 *
 * @param names All of the person's.
 */
export async function readEntriesOfDay(
  ledger: Pick<UsageLedger, "readUserDay">,
  names: readonly UserPseudonym[],
  day: Day,
): Promise<readonly UsageEvent[]> {
  const read = async (each: Day) =>
    (await Promise.all(names.map((name) => ledger.readUserDay(name, each)))).flat();
  const own = await read(day);
  const beside = await Promise.all(neighboursOf(day, own).map(read));
  return [...own, ...beside.flat()];
}
