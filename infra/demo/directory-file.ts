import { stringify } from "csv-stringify/sync";
import { dayOf } from "./calendar.ts";
import { OWNER_OF_TEAM } from "./demo-configuration.ts";
import type { Person } from "./people.ts";

/** The `directory.csv` that an operator would upload: who belongs where, and since when. */
export function directoryFile(people: readonly Person[]): string {
  const rows = people.map((person) => ({
    user: person.email,
    team: person.team.id,
    cost_center: person.team.costCenter,
    owner: OWNER_OF_TEAM[person.team.id],
    use_case: "feature-work",
    effective_from: dayOf(person.joinsMs),
    aliases: `github:${person.login}`,
  }));
  return stringify(rows, { header: true });
}
