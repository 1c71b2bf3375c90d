import { byPerson } from "../directory/by-person.ts";
import type { DirectoryLookup } from "../directory/directory.ts";
import type { Day, SessionDay, UserDay } from "../ledger/roll-ups.ts";
import type { DeliveryHistory } from "../outcomes/delivery-history.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";

type Records = {
  readonly userDays: readonly UserDay[];
  readonly sessionDays: readonly SessionDay[];
  readonly delivery: DeliveryHistory;
};

/**
 * The records of whole teams: of those that some people are in on a day, and evenly of the others, so that
 * there are about `most` other people. All records, if there are no more people than that.
 */
export function recordsOfSample(
  { userDays, sessionDays, delivery, directory }: Records & { readonly directory: DirectoryLookup },
  people: ReadonlySet<UserPseudonym>,
  day: Day,
  most: number,
): Records {
  const days = byPerson(userDays, directory);
  if (days.size <= most) {
    return { userDays, sessionDays, delivery };
  }
  const teams = Map.groupBy(days.keys(), (person) => directory.placeOf(person, day).team);
  const step = Math.ceil(days.size / most);
  const chosen = new Set([...teams.keys()].sort().filter((_, at) => at % step === 0));
  for (const person of people) {
    chosen.add(directory.placeOf(person, day).team);
  }
  const sampled = [...chosen].flatMap((team) => teams.get(team) ?? []);
  const sessions = byPerson(sessionDays, directory);
  return {
    userDays: sampled.flatMap((person) => days.get(person) ?? []),
    sessionDays: sampled.flatMap((person) => sessions.get(person) ?? []),
    delivery: { ...delivery, ...delivery.among(new Set(sampled)) },
  };
}
