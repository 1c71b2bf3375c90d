import type { Contestant } from "./contestant.ts";
import { judgedOrganisation } from "./judged-organisation.ts";
import { type JudgedUnit, judgedUnits } from "./measures/judged-unit.ts";
import { gamedOrganisation, ledgerSettings, type Scenario } from "./scenarios.ts";

/** Lets every contestant judge the same organisations: units by name of the contestant. */
export function runScenario(
  scenario: Scenario,
  seeds: readonly number[],
  contestants: readonly Contestant[],
): ReadonlyMap<string, readonly JudgedUnit[]> {
  const units = new Map<string, JudgedUnit[]>(contestants.map(({ name }) => [name, []]));
  for (const seed of seeds) {
    const gamed = gamedOrganisation(scenario, seed);
    const judged = judgedOrganisation(gamed.organisation, ledgerSettings(scenario));
    for (const { name, judge } of contestants) {
      units.get(name)?.push(...judgedUnits(gamed, judge(judged)));
    }
  }
  return units;
}
