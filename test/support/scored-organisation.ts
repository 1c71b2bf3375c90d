import { startOfDay } from "../../shared/ledger/calendar.ts";
import { deliveryHistory } from "../../shared/outcomes/delivery-history.ts";
import {
  type ScoreUserWindowsInput,
  scoreUserWindows,
  type UserWindowScores,
  type WindowScoringSettings,
} from "../../shared/scoring/score-user-windows.ts";
import type { Organisation } from "./synthetic-organisation.ts";

export const WINDOW_SETTINGS: WindowScoringSettings = {
  falseDiscoveryRate: 0.05,
  minSpendUsd: 25,
  minExcessUsd: 10,
  minExcessShare: 0.25,
};

/** The input for the last week of an organisation, six hours after its end. */
export function scoringInput(
  organisation: Organisation,
  overrides: Partial<ScoreUserWindowsInput> = {},
): ScoreUserWindowsInput {
  const { userDays, sessionDays, outcomes, end, teamOf } = organisation;
  return {
    windowEnd: end,
    asOfMs: startOfDay(end) + 6 * 3_600_000,
    userDays,
    sessionDays,
    delivery: deliveryHistory({
      outcomes,
      sessions: sessionDays,
      settings: { survivalDays: 7, productionEnvironments: ["production"] },
    }),
    directory: {
      personOf: (user) => user,
      placeOf: (user) => ({
        team: teamOf(user),
        costCenter: "CC-1001",
        owner: "checkout-owner",
        useCase: "feature-work",
      }),
    },
    settings: WINDOW_SETTINGS,
    ...overrides,
  };
}

export function scored(
  organisation: Organisation,
  overrides?: Partial<ScoreUserWindowsInput>,
): UserWindowScores {
  return scoreUserWindows(scoringInput(organisation, overrides));
}
