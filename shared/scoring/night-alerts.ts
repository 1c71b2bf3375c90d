import { type Alert, type AlertType, aboutWhom, alertId, followUpId } from "../alerts/alert.ts";
import { ownerOf } from "../directory/budget-owner.ts";
import { type DirectoryLookup, UNASSIGNED } from "../directory/directory.ts";
import type { Settings } from "../directory/settings.ts";
import type { NightJudgement } from "./judge-night.ts";
import type { ReviewedWeek } from "./review-weeks.ts";

/** An alert that a night found worth telling, and what keeps it quiet. */
export type NightAlert = {
  readonly alert: Alert;
  /** Not told if one of these types was told about the same person or team within so many days. */
  readonly quiet: { readonly types: readonly AlertType[]; readonly days: number };
};

/** A team's new level stays new until its own weeks have moved: once a month is enough. */
const TEAM_QUIET_DAYS = 28;

/**
 * The alerts of one night, in the order in which they are to be recorded: a person's week before
 * their day, so that the day, which the week contains, is not told as well. A follow-up comes last, and
 * nothing keeps it quiet: its owner was told of the alert that it changes.
 */
export function nightAlerts(
  { windows, days, reviews }: Pick<NightJudgement, "windows" | "days" | "reviews">,
  settings: Settings,
  directory: DirectoryLookup,
): readonly NightAlert[] {
  const { quietDays, survivalDays } = settings.scoring;
  const alertOf = (
    type: AlertType,
    found: Omit<Alert, "id" | "type" | "owner" | "survivalDays">,
  ): Alert => ({
    ...found,
    id: idOf(found),
    type,
    owner: ownerOf(settings, placeOf(found, directory), found.team),
    survivalDays,
  });
  const isFollowUp = ({ review }: ReviewedWeek) => review.of !== undefined;
  return [
    ...[...windows.alerts, ...reviews.filter((found) => !isFollowUp(found))].map((found) => ({
      alert: alertOf("TOKENMAXXING", found),
      quiet: { types: ["TOKENMAXXING"] as const, days: quietDays },
    })),
    ...days.alerts.map((found) => ({
      alert: alertOf("SPEND_SPIKE", found),
      quiet: { types: ["SPEND_SPIKE", "TOKENMAXXING", "RUNAWAY"] as const, days: quietDays },
    })),
    ...windows.teamShifts.map((found) => ({
      alert: alertOf("TEAM_SHIFT", found),
      quiet: { types: ["TEAM_SHIFT"] as const, days: TEAM_QUIET_DAYS },
    })),
    ...reviews.filter(isFollowUp).map((found) => ({
      alert: alertOf("TOKENMAXXING", found),
      quiet: { types: [], days: 0 },
    })),
  ];
}

function idOf({ unit, review }: Pick<Alert, "unit" | "review">): string {
  return review?.of === undefined
    ? alertId(unit)
    : followUpId(review.of.id, review.age, review.verdict);
}

function placeOf({ unit }: Pick<Alert, "unit">, directory: DirectoryLookup) {
  return unit.kind === "team-window"
    ? UNASSIGNED
    : directory.placeOf(aboutWhom(unit), "from" in unit ? unit.from : unit.day);
}
