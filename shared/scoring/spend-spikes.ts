import type { AlertEvidence, AlertUnit, SignalEvidence } from "../alerts/alert.ts";
import { byPerson } from "../directory/by-person.ts";
import type { DirectoryLookup } from "../directory/directory.ts";
import { addDays } from "../ledger/calendar.ts";
import type { Day, SessionDay, UserDay } from "../ledger/roll-ups.ts";
import { nanoUsdFromNumber } from "../money/nano-usd.ts";
import { quantileInPlace } from "../order-statistics.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";
import { benjaminiHochberg } from "./benjamini-hochberg.ts";
import { calibratedTail } from "./calibration.ts";
import { columnOf } from "./column.ts";
import { signalEvidence } from "./evidence.ts";
import { personDays } from "./person-day.ts";
import { type SpendDayScore, spendDayScores } from "./spend-day-scores.ts";
import { topSessions } from "./top-sessions.ts";
import { usageProfile } from "./usage-profile.ts";
import { varianceBridge } from "./variance-bridge.ts";
import { type AlertSettings, NIGHTLY_INFLATION } from "./window-alerts.ts";

/** A person's day with its p-value: how often a day is as far above the own usual where all is well. */
export type SpendDayJudgement = SpendDayScore & {
  readonly p: number;
  /** Days that the p-value is calibrated on. */
  readonly calibrationUnits: number;
  /** Middle 80 % of spend on such days. */
  readonly lowUsd: number;
  readonly highUsd: number;
};

/** A `SPEND_SPIKE` alert but for its id and owner. */
export type SpendSpike = {
  readonly unit: AlertUnit & { readonly kind: "user-day" };
  readonly team: string;
  readonly asOfMs: number;
  readonly evidence: AlertEvidence;
};

export type SpendDays = {
  /** Days of the week that could be judged. */
  readonly judgements: readonly SpendDayJudgement[];
  /** Least probable first. */
  readonly alerts: readonly SpendSpike[];
};

export type JudgeSpendDaysInput = {
  /** The week that is judged ends before this day; all before it is history. */
  readonly end: Day;
  readonly asOfMs: number;
  readonly userDays: readonly UserDay[];
  readonly sessionDays: readonly SessionDay[];
  readonly directory: DirectoryLookup;
  readonly settings: AlertSettings;
};

const JUDGED_DAYS = 7;
const BRIDGE_DAYS = 56;
const FEWEST_CALIBRATION_DAYS = 60;

/**
 * Judges the days of the last week by spend alone, each against the person's own usual day. Working
 * days and weekends are calibrated apart, each on the days before the week; with fewer than 60 of
 * them, none is judged. Days below the money floor are neither judged nor calibrated on.
 */
export function judgeSpendDays(input: JudgeSpendDaysInput): SpendDays {
  const { end, userDays, directory, settings } = input;
  const from = addDays(end, -JUDGED_DAYS);
  const scores = spendDayScores(personDays(userDays, directory)).filter(
    ({ unit }) => unit.day < end && unit.costUsd >= settings.minExcessUsd,
  );
  const judgements = [false, true].flatMap((isWeekend) => {
    const alike = scores.filter(({ unit }) => unit.isWeekend === isWeekend);
    return judged(
      alike.filter(({ unit }) => unit.day < from),
      alike.filter(({ unit }) => unit.day >= from),
    );
  });
  const ofPeople = {
    days: byPerson(userDays, directory),
    sessions: byPerson(input.sessionDays, directory),
  };
  const rejected = benjaminiHochberg(
    judgements.map(({ p }) => p),
    settings.falseDiscoveryRate,
  );
  return {
    judgements,
    alerts: judgements
      .filter((judgement, at) => rejected[at] === true && isWorthAnAlert(judgement, settings))
      .sort((a, b) => a.p - b.p)
      .map((judgement) => spike(judgement, { ...input, ...ofPeople })),
  };
}

function judged(
  history: readonly SpendDayScore[],
  week: readonly SpendDayScore[],
): readonly SpendDayJudgement[] {
  if (history.length < FEWEST_CALIBRATION_DAYS) {
    return [];
  }
  const { tail, units } = calibratedTail(history.map(({ score }) => score));
  const ratios = columnOf(history, ({ unit, usualUsd }) => Math.log(unit.costUsd / usualUsd));
  const low = Math.exp(quantileInPlace(ratios, 0.1));
  const high = Math.exp(quantileInPlace(ratios, 0.9));
  return week.map((score) => ({
    ...score,
    p: tail(score.score),
    calibrationUnits: units,
    lowUsd: score.usualUsd * low,
    highUsd: score.usualUsd * high,
  }));
}

function isWorthAnAlert(
  { unit: { costUsd }, usualUsd }: SpendDayJudgement,
  { minSpendUsd, minExcessUsd, minExcessShare }: AlertSettings,
): boolean {
  return (
    costUsd >= minSpendUsd && costUsd - usualUsd >= Math.max(minExcessUsd, minExcessShare * costUsd)
  );
}

type SpikeContext = Pick<JudgeSpendDaysInput, "directory" | "settings" | "asOfMs"> & {
  readonly days: ReadonlyMap<UserPseudonym, readonly UserDay[]>;
  readonly sessions: ReadonlyMap<UserPseudonym, readonly SessionDay[]>;
};

function spike(judgement: SpendDayJudgement, context: SpikeContext): SpendSpike {
  const { unit, usualUsd } = judgement;
  const { user, day, costNanoUsd } = unit;
  const { directory, settings, asOfMs } = context;
  const medianNanoUsd = nanoUsdFromNumber(usualUsd);
  return {
    unit: { kind: "user-day", user, day },
    team: directory.placeOf(user, day).team,
    asOfMs,
    evidence: {
      costNanoUsd,
      delivery: { credit: 0, counted: [], notCounted: [] },
      expected: {
        medianNanoUsd,
        lowNanoUsd: nanoUsdFromNumber(judgement.lowUsd),
        highNanoUsd: nanoUsdFromNumber(judgement.highUsd),
        cohort: "own days",
      },
      excessNanoUsd: costNanoUsd > medianNanoUsd ? costNanoUsd - medianNanoUsd : 0n,
      bridge: varianceBridge({
        fromNanoUsd: medianNanoUsd,
        before: [],
        usual: profileOf(addDays(day, -BRIDGE_DAYS), day),
        actual: profileOf(day, addDays(day, 1)),
      }),
      signals: signalsOf(judgement),
      p: judgement.p,
      expectedFalseShare: Math.min(1, NIGHTLY_INFLATION * settings.falseDiscoveryRate),
      calibrationUnits: judgement.calibrationUnits,
      topSessions: topSessions(context.sessions.get(user) ?? [], day, addDays(day, 1)),
    },
  };

  function profileOf(first: Day, last: Day) {
    return usageProfile(
      (context.days.get(user) ?? [])
        .filter((value) => value.day >= first && value.day < last)
        .flatMap(({ lines }) => lines),
    );
  }
}

function signalsOf(judgement: SpendDayJudgement): readonly SignalEvidence[] {
  const { unit, spendZ, sessionZ, usualUsd, usualSessionUsd } = judgement;
  const total = signalEvidence(spendZ) + signalEvidence(sessionZ);
  return [
    { signal: "day-spend", z: spendZ, value: unit.costUsd, usual: usualUsd },
    {
      signal: "session-spend",
      z: sessionZ,
      value: unit.costUsd / unit.sessions,
      usual: usualSessionUsd,
    },
  ]
    .map((signal) => ({ ...signal, share: signalEvidence(signal.z) / total }))
    .sort((a, b) => b.share - a.share);
}
