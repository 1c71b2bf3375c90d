import type { Alert } from "../../shared/alerts/alert.ts";
import { periodOf } from "../../shared/alerts/unit-period.ts";
import type { UserPseudonym } from "../../shared/usage/usage-event.ts";
import type { GroundTruth } from "./seasons.ts";

/** An alert, and the person whom the demo knows to be behind its pseudonym; of a team, the team. */
export type KnownAlert = { readonly alert: Alert; readonly login: string; readonly team: string };

/** What was really going on, beside what was alerted about it. */
export type Verdicts = {
  /** Waste that was put in, each with its alerts: none is a miss. */
  readonly waste: readonly {
    readonly truth: GroundTruth;
    readonly alerts: readonly KnownAlert[];
  }[];
  /** Unusual and honest, each with the alerts that it should not have. */
  readonly honest: readonly {
    readonly truth: GroundTruth;
    readonly alerts: readonly KnownAlert[];
  }[];
  /** Alerts about everyday work. */
  readonly everyday: readonly KnownAlert[];
};

/** Sorts alerts by what they are about. Waste comes first: its week may overlap an honest season. */
export function judge(alerts: readonly KnownAlert[], truths: readonly GroundTruth[]): Verdicts {
  const wasteful = truths.filter((truth) => truth.waste);
  const aboutWaste = alerts.filter((alert) => wasteful.some((truth) => isAbout(alert, truth)));
  const others = alerts.filter((alert) => !aboutWaste.includes(alert));
  const honest = truths
    .filter((truth) => !truth.waste)
    .map((truth) => ({ truth, alerts: others.filter((alert) => isAbout(alert, truth)) }));
  return {
    waste: wasteful.map((truth) => ({
      truth,
      alerts: alerts.filter((alert) => isAbout(alert, truth)),
    })),
    honest,
    everyday: others.filter((alert) => !honest.some((each) => each.alerts.includes(alert))),
  };
}

/** The same person or team, at a time that overlaps; a single session has to be that session. */
function isAbout({ alert, login, team }: KnownAlert, truth: GroundTruth): boolean {
  if (truth.user !== login && truth.user !== team) {
    return false;
  }
  const { unit } = alert;
  if (unit.kind === "session" && truth.session !== undefined) {
    return truth.session === unit.session;
  }
  const { from, to } = periodOf(unit);
  return from < truth.to && truth.from < to;
}

/** Looks up who is behind an alert. Alerts about people whom the demo did not make up are dropped. */
export function whoIsMeant(
  alerts: readonly Alert[],
  people: readonly {
    readonly login: string;
    readonly team: string;
    readonly user: UserPseudonym;
  }[],
): readonly KnownAlert[] {
  const byUser = new Map(people.map((person) => [person.user, person]));
  return alerts.flatMap((alert) => {
    const { unit, team } = alert;
    if (unit.kind === "team-window") {
      return [{ alert, login: team, team }];
    }
    const person = byUser.get(unit.user);
    return person === undefined ? [] : [{ alert, login: person.login, team: person.team }];
  });
}
