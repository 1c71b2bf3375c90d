/**
 * The first of an environment's names that is configured as production; nothing if none is. Letter
 * case does not matter, as GitHub's and GitLab's names are matched regardless of it.
 */
export function productionNameAmong(
  names: readonly (string | null | undefined)[],
  productionEnvironments: readonly string[],
): string | undefined {
  const production = new Set(productionEnvironments.map((name) => name.toLowerCase()));
  return names
    .filter((name) => typeof name === "string")
    .find((name) => production.has(name.toLowerCase()));
}

/** Why a deployment elsewhere is not recorded. */
export const NOT_PRODUCTION = "the environment is not among the configured productionEnvironments";
