import type { AlertEvidence, AlertUnit } from "../alerts/alert.ts";
import { byPerson } from "../directory/by-person.ts";
import type { DirectoryLookup } from "../directory/directory.ts";
import type { UserDay } from "../ledger/roll-ups.ts";
import { nanoUsdFromNumber, sumNanoUsd, usdForStatistics } from "../money/nano-usd.ts";
import { median, quantile, robustScale } from "../order-statistics.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";
import { benjaminiHochberg } from "./benjamini-hochberg.ts";
import { calibratedTail } from "./calibration.ts";
import type { FoldModel } from "./fold-model.ts";
import { isRecentPast } from "./own-history.ts";
import type { UserWindow } from "./user-windows.ts";
import { varianceBridge } from "./variance-bridge.ts";
import { type AlertSettings, NIGHTLY_INFLATION } from "./window-alerts.ts";
import { profileOfWindows } from "./window-bridge.ts";

/** A `TEAM_SHIFT` alert but for its id and owner. */
export type TeamShift = {
  readonly unit: AlertUnit & { readonly kind: "team-window" };
  readonly team: string;
  readonly asOfMs: number;
  readonly evidence: AlertEvidence;
};

export type TeamShiftsInput = {
  /** All windows that can be compared; those of `lastWeek` are judged. */
  readonly units: readonly UserWindow[];
  readonly lastWeek: number;
  readonly folds: readonly FoldModel[];
  readonly asOfMs: number;
  readonly userDays: readonly UserDay[];
  readonly directory: DirectoryLookup;
  readonly settings: AlertSettings;
};

/** A team's week: how far the middle of its people is above the middle of its weeks before. */
type TeamWeek = {
  readonly team: string;
  readonly week: number;
  readonly members: readonly UserWindow[];
  /** Median of the members' log cost above what their delivery explains. */
  readonly level: number;
  /** Log of what the team paid for a unit delivered. */
  readonly unitCost: number;
};
type ShiftedWeek = TeamWeek & { readonly shift: number; readonly before: readonly TeamWeek[] };

const FEWEST_MEMBERS = 4;
/** Units added for each person, so that a week that has delivered next to nothing yet has a unit cost. */
const PRIOR_CREDIT = 0.5;
const FEWEST_WEEKS = 4;
const FEWEST_CALIBRATION_WEEKS = 40;

/**
 * Teams whose delivered work costs most of their people more than in the nine weeks before. What a
 * team shares, a new price, a new model, a hard week, is nobody's own, and is left out of what is
 * said about persons; so it is said here, once, about the team. Calibrated on the weeks of all teams;
 * with fewer than 40 of them, or teams of fewer than four, nothing is said.
 */
export function teamShifts(input: TeamShiftsInput): readonly TeamShift[] {
  const { settings, lastWeek } = input;
  const days = byPerson(input.userDays, input.directory);
  const daysOf = (person: UserPseudonym) => days.get(person) ?? [];
  const shifted = shiftedWeeks(teamWeeks(input));
  const history = shifted.filter(({ week }) => week < lastWeek).map(({ shift }) => shift);
  if (history.length < FEWEST_CALIBRATION_WEEKS) {
    return [];
  }
  // Where nothing is wrong, a team gets cheaper as often as dearer: so each shift counts both ways.
  const { tail } = calibratedTail(history.flatMap((shift) => [shift, -shift]));
  const judged = shifted
    .filter(({ week }) => week === lastWeek)
    .map((week) => ({ ...week, p: tail(week.shift), history }));
  const rejected = benjaminiHochberg(
    judged.map(({ p }) => p),
    settings.falseDiscoveryRate,
  );
  return judged
    .filter((week, at) => rejected[at] === true && isWorthAnAlert(week, settings))
    .sort((a, b) => a.p - b.p)
    .map((week) => teamShift(week, { ...input, daysOf }));
}

function teamWeeks({ units, folds }: TeamShiftsInput): readonly TeamWeek[] {
  const residual = (at: number) =>
    folds.reduce((sum, { residuals }) => sum + (residuals[at] ?? 0), 0) / folds.length;
  const groups = Map.groupBy(units.entries(), ([, { team, week }]) => JSON.stringify([team, week]));
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    return first === undefined || members.length < FEWEST_MEMBERS
      ? []
      : [
          {
            team: first[1].team,
            week: first[1].week,
            members: members.map(([, unit]) => unit),
            level: median(members.map(([at]) => residual(at))),
            unitCost: logUnitCost(members.map(([, unit]) => unit)),
          },
        ];
  });
}

function logUnitCost(members: readonly UserWindow[]): number {
  const credit = members.reduce((sum, unit) => sum + unit.credit, 0);
  return Math.log(usdForStatistics(costOf(members)) / (credit + PRIOR_CREDIT * members.length));
}

/**
 * A shift has to show in the middle of the team, so that no single person is one; and in dollars for
 * a unit, so that a launch is none: person by person, credit is too noisy to explain twice the work.
 */
function shiftedWeeks(weeks: readonly TeamWeek[]): readonly ShiftedWeek[] {
  const byTeam = Map.groupBy(weeks, ({ team }) => team);
  return weeks.flatMap((week) => {
    const before = (byTeam.get(week.team) ?? []).filter((other) =>
      isRecentPast(other.week, week.week),
    );
    const since = (measure: (week: TeamWeek) => number) =>
      measure(week) - median(before.map(measure));
    return before.length < FEWEST_WEEKS
      ? []
      : [
          {
            ...week,
            before,
            shift: Math.min(
              since(({ level }) => level),
              since(({ unitCost }) => unitCost),
            ),
          },
        ];
  });
}

function isWorthAnAlert(
  { members, shift }: ShiftedWeek,
  { minSpendUsd, minExcessUsd, minExcessShare }: AlertSettings,
): boolean {
  const spentUsd = usdForStatistics(costOf(members));
  const share = -Math.expm1(-shift);
  return (
    spentUsd >= minSpendUsd &&
    share >= minExcessShare &&
    share * spentUsd >= minExcessUsd * members.length
  );
}

type JudgedWeek = ShiftedWeek & {
  readonly p: number;
  readonly history: readonly number[];
};

type TeamShiftContext = Pick<TeamShiftsInput, "asOfMs" | "settings"> & {
  readonly daysOf: (person: UserPseudonym) => readonly UserDay[];
};

function teamShift(week: JudgedWeek, { asOfMs, settings, daysOf }: TeamShiftContext): TeamShift {
  const { team, members, shift, before, history, p } = week;
  const costNanoUsd = costOf(members);
  const usualUsd = usdForStatistics(costNanoUsd) * Math.exp(-shift);
  const medianNanoUsd = nanoUsdFromNumber(usualUsd);
  const from = members[0]?.window.from ?? "";
  const to = members[0]?.window.to ?? "";
  return {
    unit: { kind: "team-window", team, from, to },
    team,
    asOfMs,
    evidence: {
      costNanoUsd,
      delivery: {
        credit: members.reduce((sum, { credit }) => sum + credit, 0),
        counted: [],
        notCounted: [],
      },
      expected: {
        medianNanoUsd,
        lowNanoUsd: nanoUsdFromNumber(usualUsd * Math.exp(quantile(history, 0.1))),
        highNanoUsd: nanoUsdFromNumber(usualUsd * Math.exp(quantile(history, 0.9))),
        cohort: team,
      },
      ownUsualNanoUsd: nanoUsdFromNumber(
        median(before.map((earlier) => usdForStatistics(costOf(earlier.members)))),
      ),
      excessNanoUsd: costNanoUsd > medianNanoUsd ? costNanoUsd - medianNanoUsd : 0n,
      bridge: varianceBridge({
        fromNanoUsd: medianNanoUsd,
        before: [],
        usual: profileOfWindows(
          before.flatMap((earlier) => earlier.members),
          daysOf,
        ),
        actual: profileOfWindows(members, daysOf),
      }),
      signals: [
        {
          signal: "cost-given-delivery",
          z: shift / robustScale(history),
          value: usdForStatistics(costNanoUsd),
          usual: usualUsd,
          share: 1,
        },
      ],
      p,
      expectedFalseShare: Math.min(1, NIGHTLY_INFLATION * settings.falseDiscoveryRate),
      calibrationUnits: history.length,
      // The dearest sessions would point at persons.
      topSessions: [],
    },
  };
}

function costOf(members: readonly UserWindow[]) {
  return sumNanoUsd(members.map(({ costNanoUsd }) => costNanoUsd));
}
