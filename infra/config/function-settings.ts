import type { Settings } from "../../shared/directory/settings.ts";

/** The part of the configuration that the functions get, in `OUTPACE_SETTINGS`. */
export function settingsOf(configuration: Settings): Settings {
  const { owners, teams, useCases, fallbackOwner } = configuration;
  const { productionEnvironments, authorities, kiro, scoring } = configuration;
  return {
    owners,
    teams,
    useCases,
    fallbackOwner,
    productionEnvironments,
    authorities,
    kiro,
    scoring,
  };
}
