import { type DirectoryLookup, teamIn } from "../directory/directory.ts";
import type { Settings } from "../directory/settings.ts";
import type { Day } from "../ledger/roll-ups.ts";
import type { DeliveryInput } from "./delivery-history.ts";

/** How delivered work is counted, by the configuration and by who is where on a day. */
export function deliveryRules(
  settings: Settings,
  directory: DirectoryLookup,
  day: Day,
): Required<Omit<DeliveryInput, "outcomes" | "sessions">> {
  const units = new Map(settings.teams.map(({ id, deliveryUnit }) => [id, deliveryUnit]));
  return {
    settings: {
      survivalDays: settings.scoring.survivalDays,
      productionEnvironments: settings.productionEnvironments,
    },
    personOf: directory.personOf,
    unitOf: (user) => units.get(directory.placeOf(user, day).team) ?? "shipped-change",
    teamOf: (user) => teamIn(directory.placeOf(user, day)),
    useCaseWeights: new Map(settings.useCases.map(({ id, weight }) => [id, weight])),
  };
}
