import type { OpenAlertEvidence } from "../alerts/alert.ts";
import { type AlertCase, decidedBefore } from "../alerts/alert-case.ts";
import type { DirectoryLookup } from "../directory/directory.ts";
import type { Settings } from "../directory/settings.ts";
import { addDays, dayOf, startOfDay } from "../ledger/calendar.ts";
import type { Day, SessionDay, UserDay } from "../ledger/roll-ups.ts";
import { deliveryHistory } from "../outcomes/delivery-history.ts";
import { deliveryRules } from "../outcomes/delivery-rules.ts";
import type { OutcomeEvent } from "../outcomes/outcome-event.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";
import { answeredDays } from "./answered-days.ts";
import { openAlerts, unansweredDays } from "./frozen-baselines.ts";
import { recentlyTold } from "./recently-told.ts";
import { type ReviewedWeek, reviewWeeks } from "./review-weeks.ts";
import { scoreUserWindows, type UserWindowScores } from "./score-user-windows.ts";
import { sessionDeliveries } from "./session-deliveries.ts";
import { type ScoredSessions, scoreSessions } from "./session-score.ts";
import { judgeSpendDays, type SpendDays } from "./spend-spikes.ts";

/** Days that a night looks at: twelve weeks to learn from, and the week that is judged. */
export const NIGHT_DAYS = 13 * 7;

export type JudgeNightInput = {
  /** The night is the one before this moment's day. */
  readonly asOfMs: number;
  /** Of the {@link NIGHT_DAYS} days before that day. */
  readonly userDays: readonly UserDay[];
  readonly sessionDays: readonly SessionDay[];
  /** What has been delivered since the first of these days. */
  readonly outcomes: readonly OutcomeEvent[];
  readonly directory: DirectoryLookup;
  readonly settings: Settings;
  /** Alerts of these days, with what their owners answered; none by default. */
  readonly cases?: readonly AlertCase[];
};

/** All that one night has to say of people, teams, days and sessions. */
export type NightJudgement = {
  readonly windows: UserWindowScores;
  readonly days: SpendDays;
  readonly sessions: ScoredSessions;
  /** Of weeks that ended some days ago: what has to be told of them, as outcomes came since. */
  readonly reviews: readonly ReviewedWeek[];
};

/** Judges the seven days before a moment's day, as far as they are known then. */
export function judgeNight(input: JudgeNightInput): NightJudgement {
  const { asOfMs, userDays, sessionDays, directory, settings } = input;
  const { deliveries, ...judged } = judgeDelivery(input);
  const common = { asOfMs, userDays, sessionDays, directory, settings: settings.scoring };
  return {
    ...judged,
    days: judgeSpendDays({ ...common, end: dayOf(asOfMs) }),
    sessions: scoreSessions({ sessionDays, deliveries, asOfMs, directory }),
  };
}

/** Apart from the rest of the night, which needs the memory that the history of deliveries takes. */
function judgeDelivery(input: JudgeNightInput) {
  const { asOfMs, userDays, sessionDays, directory, settings } = input;
  const windowEnd = dayOf(asOfMs);
  const delivery = deliveryHistory({
    outcomes: input.outcomes,
    sessions: sessionDays,
    ...deliveryRules(settings, directory, windowEnd),
  });
  const { cases = [] } = input;
  // Not what this night recorded itself, if it runs again: it has to come to the same.
  const known = decidedBefore(cases, startOfDay(windowEnd));
  const open = openAlerts(known, asOfMs, directory.personOf);
  const answered = [...answeredDays(known, directory.personOf), ...unansweredDays(open, windowEnd)];
  const told = recentlyTold(known, asOfMs, settings.scoring.quietDays, directory.personOf);
  const common = { asOfMs, userDays, sessionDays, directory, settings: settings.scoring };
  return {
    windows: withOpenAlerts(
      scoreUserWindows({ ...common, windowEnd, delivery, answered, told }),
      open,
    ),
    reviews: reviewWeeks({ ...common, delivery, answered, cases }),
    deliveries: sessionDeliveries(delivery, asOfMs),
  };
}

/** First day of what a night has to be given. */
export function firstDayOfNight(asOfMs: number): Day {
  return addDays(dayOf(asOfMs), -NIGHT_DAYS);
}

/** Alerts that say which earlier alert keeps weeks out of what is usual for the person. */
function withOpenAlerts(
  windows: UserWindowScores,
  open: ReadonlyMap<UserPseudonym, OpenAlertEvidence>,
): UserWindowScores {
  const alerts = windows.alerts.map((alert) => {
    const openAlert = open.get(alert.unit.user);
    return openAlert === undefined
      ? alert
      : { ...alert, evidence: { ...alert.evidence, openAlert } };
  });
  return { ...windows, alerts };
}
