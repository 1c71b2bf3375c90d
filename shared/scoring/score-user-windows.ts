import type { DirectoryLookup } from "../directory/directory.ts";
import type { Day, SessionDay, UserDay } from "../ledger/roll-ups.ts";
import type { DeliveryHistory } from "../outcomes/delivery-history.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";
import { type AnsweredDays, withAnsweredDays } from "./answered-days.ts";
import { knownBehaviours } from "./behaviour.ts";
import { benjaminiHochberg } from "./benjamini-hochberg.ts";
import { columnOf } from "./column.ts";
import {
  type Judgement,
  judgeWindows,
  type LearningReason,
  type WindowJudgements,
} from "./judge-windows.ts";
import { type TeamShift, teamShifts } from "./team-shifts.ts";
import { type UserWindow, userWindows, windowsBefore } from "./user-windows.ts";
import {
  type AlertBasis,
  type AlertSettings,
  type ScoredWindow,
  type WindowAlert,
  windowAlerts,
} from "./window-alerts.ts";
import { windowBridges } from "./window-bridge.ts";
import { notComparable, type UnscoredReason, USE_CASES_NOT_SCORED } from "./window-eligibility.ts";
import { windowEvidence } from "./window-evidence.ts";

export type WindowScoringSettings = AlertSettings & {
  /** Whole weeks before the window that are learnt from; 12 by default. */
  readonly historyWeeks?: number;
  /** Use cases without a countable outcome; {@link USE_CASES_NOT_SCORED} by default. */
  readonly useCasesNotScored?: readonly string[];
};

export type ScoreUserWindowsInput = {
  /** The trailing seven days end before this day. */
  readonly windowEnd: Day;
  /** What is known by then counts. History is looked at at the same age after each window's end. */
  readonly asOfMs: number;
  /** Of the window and of the history before it. */
  readonly userDays: readonly UserDay[];
  /** Of the same days. */
  readonly sessionDays: readonly SessionDay[];
  readonly delivery: DeliveryHistory;
  readonly directory: DirectoryLookup;
  readonly settings: WindowScoringSettings;
  /** What owners answered; nothing by default. */
  readonly answered?: readonly AnsweredDays[];
  /**
   * Whose scores and alerts are asked for, and no team's; everybody's by default. All people are judged in
   * either case, so what is said of one is the same.
   */
  readonly people?: ReadonlySet<UserPseudonym>;
  /** Whom an owner heard of within the quiet days, so that they are no news tonight; nobody by default. */
  readonly told?: ReadonlySet<UserPseudonym>;
};

/** How unusual one person's spend on the trailing seven days is for what was delivered. */
export type UserWindowScore =
  | ScoredWindow
  | {
      readonly kind: "unscored";
      readonly unit: UserWindow;
      readonly reason: UnscoredReason;
    };

/** A `TOKENMAXXING` alert but for its id. */
export type UserWindowAlert = WindowAlert;

export type UserWindowScores = {
  /** One for each person with spend in the window, in order of the pseudonym. */
  readonly scores: readonly UserWindowScore[];
  /** Least probable first. */
  readonly alerts: readonly UserWindowAlert[];
  /** Windows that the judgement rests on; 0 while there are too few. */
  readonly calibrationUnits: number;
  /** Teams in which most people shifted together; least probable first. */
  readonly teamShifts: readonly TeamShift[];
  /** Set while there is too little history to score anyone. */
  readonly learning?: LearningReason;
};

const DEFAULT_HISTORY_WEEKS = 12;

/**
 * Scores every person's trailing seven days: cost given credited delivery, against cohort, peers of
 * the same week and the own past, with behaviour ratios, calibrated on the organisation's history.
 * Alerts are those that a false discovery rate and the money floors let pass.
 */
export function scoreUserWindows(input: ScoreUserWindowsInput): UserWindowScores {
  const { settings, windowEnd, asOfMs, userDays } = input;
  const { historyWeeks = DEFAULT_HISTORY_WEEKS, useCasesNotScored = USE_CASES_NOT_SCORED } =
    settings;
  const windows = windowsBefore(windowEnd, asOfMs, historyWeeks, userDays);
  const lastWeek = windows.length - 1;
  const units = withAnsweredDays(userWindows(windows, input), input.answered ?? []);
  const comparable = units.filter((unit) => notComparable(unit, useCasesNotScored) === undefined);
  const judged = judgeWindows(comparable, lastWeek, settings.minSpendUsd);
  const isAskedFor = ({ user }: UserWindow) => input.people?.has(user) ?? true;
  const scored = scoredWindows(comparable, judged, isAskedFor);
  const scores = units
    .filter((unit) => unit.week === lastWeek && isAskedFor(unit))
    .map(
      (unit): UserWindowScore =>
        scored.get(unit.user) ?? {
          unit,
          kind: "unscored",
          reason: notComparable(unit, useCasesNotScored) ?? unjudgedReason(unit, settings),
        },
    );
  if (judged.kind === "learning") {
    return { scores, alerts: [], teamShifts: [], calibrationUnits: 0, learning: judged.reason };
  }
  const { calibrationUnits, folds } = judged;
  const bridge = windowBridges({ ...input, units: comparable, folds });
  const basis: AlertBasis = {
    calibrationUnits,
    bridgeOf: ({ unit, expected }) => bridge(unit, expected.medianNanoUsd),
  };
  return {
    scores,
    alerts: windowAlerts(unusual(judged, scored, input), basis, input),
    teamShifts:
      input.people === undefined
        ? teamShifts({ ...input, units: comparable, lastWeek, folds })
        : [],
    calibrationUnits,
  };
}

type Judged = Extract<WindowJudgements, { kind: "judged" }>;

/**
 * As many of the least probable as keep the expected share of false ones at the false discovery rate: among
 * those that would be news, and apart from them among all, of which those who were told of lately are kept. Were it one
 * procedure, a known case would win others a higher threshold every night until it is over.
 */
function unusual(
  { judgements }: Judged,
  scored: ReadonlyMap<UserPseudonym, ScoredWindow>,
  { settings, told = new Set() }: Pick<ScoreUserWindowsInput, "settings" | "told">,
): readonly ScoredWindow[] {
  const isNews = ({ unit }: Judgement) => !told.has(unit.user);
  const discovered = (batch: readonly Judgement[]) => {
    const rejected = benjaminiHochberg(
      batch.map(({ p }) => p),
      settings.falseDiscoveryRate,
    );
    return batch.filter((_, at) => rejected[at] === true);
  };
  const known = told.size === 0 ? [] : discovered(judgements).filter((one) => !isNews(one));
  return [...discovered(judgements.filter(isNews)), ...known].flatMap(
    ({ unit }) => scored.get(unit.user) ?? [],
  );
}

function unjudgedReason({ costUsd }: UserWindow, settings: WindowScoringSettings): UnscoredReason {
  return costUsd < settings.minSpendUsd ? "below-minimum-spend" : "learning";
}

function scoredWindows(
  comparable: readonly UserWindow[],
  judged: WindowJudgements,
  isAskedFor: (unit: UserWindow) => boolean,
): ReadonlyMap<UserPseudonym, ScoredWindow> {
  if (judged.kind === "learning") {
    return new Map();
  }
  const behaviours = knownBehaviours(comparable);
  const costsUsd = columnOf(comparable, ({ costUsd }) => costUsd);
  return new Map(
    judged.judgements
      .filter(({ unit }) => isAskedFor(unit))
      .map(({ unit, at, p }) => [
        unit.user,
        {
          kind: "scored",
          unit,
          p,
          outcomePerUsd: unit.credit / unit.costUsd,
          ...windowEvidence(unit, at, judged.folds, behaviours, judged.past.medianAt(costsUsd, at)),
        },
      ]),
  );
}
