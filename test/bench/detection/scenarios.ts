import { type GamedOrganisation, injectGaming } from "./gaming/inject-gaming.ts";
import type { GamingSettings } from "./gaming/plan-gaming.ts";
import { BASE_TACTICS, EVASIVE_TACTICS, type TacticName } from "./gaming/tactic.ts";
import { generateOrganisation } from "./organisation/generate-organisation.ts";

export type Scenario = {
  readonly name: string;
  readonly note: string;
  readonly gaming: GamingSettings;
  readonly launchShare?: number;
  readonly mergeLagHours?: number;
  readonly priceChange?: number;
  /** Hours from the end of a week until it is judged; two weeks by default. */
  readonly ageHours?: number;
  readonly hasFingerprints?: boolean;
};

const GAMED_SHARE = 0.105;
const BASE_GAMING: GamingSettings = { share: GAMED_SHARE, tactics: BASE_TACTICS };
export const NO_GAMING: GamingSettings = { share: 0, tactics: [] };
const USUAL_LAUNCHES = 0.03;
const USUAL_LAG_HOURS = 20;
const MATURE_HOURS = 14 * 24;

export const SCENARIOS: readonly Scenario[] = [
  { name: "base", note: "seven tactics in 10.5 % of user-weeks", gaming: BASE_GAMING },
  { name: "clean", note: "nobody games", gaming: NO_GAMING },
  {
    name: "contaminated",
    note: "3 % of the history is gamed too",
    gaming: { ...BASE_GAMING, historyShare: 0.03 },
  },
  {
    name: "chronic",
    note: "3 % of the history is gamed, and 5 % of people game in every week",
    gaming: { ...BASE_GAMING, historyShare: 0.03, chronicShare: 0.05 },
  },
  {
    name: "crunch",
    note: "launches in 12 % of user-weeks",
    gaming: BASE_GAMING,
    launchShare: 0.12,
  },
  {
    name: "price",
    note: "one team pays 2.2 times as much from the middle of the test on",
    gaming: BASE_GAMING,
    priceChange: 2.2,
  },
  {
    name: "delay",
    note: "merges after 72 hours in the median, judged six hours after the week",
    gaming: BASE_GAMING,
    mergeLagHours: 72,
    ageHours: 6,
  },
  {
    name: "stuffing",
    note: "context stuffing only",
    gaming: { share: GAMED_SHARE, tactics: ["context stuffing"] },
  },
  {
    name: "evasive",
    note: "eight tactics that aim at being overlooked",
    gaming: { share: GAMED_SHARE, tactics: EVASIVE_TACTICS },
  },
  {
    name: "fingerprints",
    note: "base, where calls carry fingerprints, so that repeats are seen",
    gaming: BASE_GAMING,
    hasFingerprints: true,
  },
];

/** Every tactic at one strength: each gamed week costs this factor of the honest one. */
export function strengthScenario(factor: number): Scenario {
  const tactics: readonly TacticName[] = [...BASE_TACTICS, ...EVASIVE_TACTICS];
  return {
    name: `x${factor}`,
    note: `every tactic, each gamed week ${factor} times as dear as without it`,
    gaming: { share: GAMED_SHARE, tactics, factor },
  };
}

export function gamedOrganisation(scenario: Scenario, seed: number): GamedOrganisation {
  const { launchShare = USUAL_LAUNCHES, mergeLagHours = USUAL_LAG_HOURS, priceChange } = scenario;
  const honest = generateOrganisation({
    seed,
    launchShare,
    mergeLagHours,
    ...(priceChange === undefined ? {} : { priceChange }),
  });
  return injectGaming(honest, scenario.gaming);
}

export function ledgerSettings({ ageHours = MATURE_HOURS, hasFingerprints = false }: Scenario) {
  return { ageMs: ageHours * 3_600_000, hasFingerprints };
}
