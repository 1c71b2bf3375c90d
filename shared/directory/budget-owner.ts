import type { Place } from "./directory.ts";
import type { Settings } from "./settings.ts";

/** The owner that the directory names; failing that the team's; failing that the fallback owner. */
export function ownerOf(
  { owners, teams, fallbackOwner }: Pick<Settings, "owners" | "teams" | "fallbackOwner">,
  place: Pick<Place, "owner">,
  team: string,
): string {
  const known = new Set(owners.map(({ id }) => id));
  const candidates = [place.owner, teams.find(({ id }) => id === team)?.owner];
  return candidates.find((id) => id !== undefined && known.has(id)) ?? fallbackOwner;
}
