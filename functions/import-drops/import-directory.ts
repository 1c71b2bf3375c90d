import type { DirectoryRow } from "../../shared/directory/directory-row.ts";
import type { DirectoryStore } from "../../shared/ports/directory-store.ts";
import type { Pseudonymise } from "../../shared/ports/pseudonyms.ts";
import { inParallel } from "../adapters/in-parallel.ts";

const PUTS_AT_ONCE = 16;

/**
 * Puts every line and alias. Nothing is taken away: a person who is no longer listed keeps the place
 * that past spend is booked to. Importing again, or after a failure half-way, ends the same.
 */
export async function importDirectory(
  rows: readonly DirectoryRow[],
  directory: DirectoryStore,
  pseudonymise: Pseudonymise,
): Promise<void> {
  await inParallel(rows, PUTS_AT_ONCE, async (row) => {
    const { team, costCenter, owner, useCase, effectiveFrom } = row;
    const user = pseudonymise(row.user);
    await directory.putAssignment(
      { user, team, costCenter, owner, useCase, effectiveFrom },
      row.user,
    );
  });
  const personOfAlias = new Map(
    rows.flatMap(({ user, aliases }) => aliases.map((alias) => [alias, user] as const)),
  );
  await inParallel([...personOfAlias], PUTS_AT_ONCE, ([alias, person]) =>
    directory.putAlias(pseudonymise(alias), pseudonymise(person)),
  );
}
