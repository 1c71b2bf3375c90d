import type { Day } from "../ledger/roll-ups.ts";
import type { NanoUsd } from "../money/nano-usd.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";

/**
 * `TOKENMAXXING`: a person's trailing seven days, for the work delivered. `RUNAWAY`: one open session.
 * `SPEND_SPIKE`: a person's day, by spend alone. `TEAM_SHIFT`: a team's seven days.
 */
export const ALERT_TYPES = ["TOKENMAXXING", "RUNAWAY", "SPEND_SPIKE", "TEAM_SHIFT"] as const;
export type AlertType = (typeof ALERT_TYPES)[number];

/** What an alert speaks about. Periods are `[start, end)`, in UTC. */
export type AlertUnit =
  | {
      readonly kind: "user-window";
      readonly user: UserPseudonym;
      readonly from: Day;
      /** Exclusive. */
      readonly to: Day;
    }
  | {
      readonly kind: "session";
      readonly user: UserPseudonym;
      readonly session: string;
      readonly day: Day;
    }
  | { readonly kind: "user-day"; readonly user: UserPseudonym; readonly day: Day }
  | {
      readonly kind: "team-window";
      readonly team: string;
      readonly from: Day;
      /** Exclusive. */
      readonly to: Day;
    };

/** One signal behind a score, in plain units. */
export type SignalEvidence = {
  /** A name that `evidence-sections.ts` has words for, such as `cost-given-delivery`. */
  readonly signal: string;
  /** Robust standard deviations above what is usual. */
  readonly z: number;
  readonly value: number;
  readonly usual: number;
  /** Share of the total evidence, 0-1. */
  readonly share: number;
};

/** One cause of a difference in dollars; the names are those of the variance bridge. */
export type BridgeStepEvidence = { readonly step: string; readonly changeNanoUsd: NanoUsd };

/** Delivered work that counted, and what did not, with its reason. */
export type DeliveryEvidence = {
  /** Credit in delivery units. */
  readonly credit: number;
  readonly counted: readonly {
    readonly task: string;
    readonly credit: number;
    readonly state: string;
  }[];
  readonly notCounted: readonly { readonly id: string; readonly reason: string }[];
};

/** An alert about earlier days of the same person, which waits for an answer. */
export type OpenAlertEvidence = {
  readonly id: string;
  /** The first of the days that it is about. */
  readonly from: Day;
  /** Whether the days since are left out of the person's own usual; if not, it has waited too long. */
  readonly isFrozen: boolean;
};

/** Everything an explanation may say. Structured, so that text, page and API agree. */
export type AlertEvidence = {
  readonly costNanoUsd: NanoUsd;
  readonly delivery: DeliveryEvidence;
  /** Spend of peers who delivered as much: median and the middle 80 %. */
  readonly expected: {
    readonly medianNanoUsd: NanoUsd;
    readonly lowNanoUsd: NanoUsd;
    readonly highNanoUsd: NanoUsd;
    readonly cohort: string;
  };
  /** The person's own usual spend in such a window; absent below three windows of history. */
  readonly ownUsualNanoUsd?: NanoUsd;
  /** What the person's own usual leaves out, or no longer does. */
  readonly openAlert?: OpenAlertEvidence;
  /** Dollars above what this person's delivery usually takes. */
  readonly excessNanoUsd: NanoUsd;
  /**
   * What leads from the expected median to the cost, by cause; adds up to the difference. Absent
   * where calls are not known by model and token, as of an open session.
   */
  readonly bridge?: readonly BridgeStepEvidence[];
  readonly signals: readonly SignalEvidence[];
  /** Calibrated p-value; for RUNAWAY, the share of successful sessions that cost as much. */
  readonly p: number;
  /** Share of such alerts expected to be false. */
  readonly expectedFalseShare: number;
  /** Calibration units, or successful sessions, that the judgement rests on. */
  readonly calibrationUnits: number;
  readonly topSessions: readonly { readonly session: string; readonly costNanoUsd: NanoUsd }[];
};

/** How old outcomes are, from the end of a week, when an alert about it is looked at again. */
export const REVIEW_AGES = ["72h", "14d"] as const;
export type ReviewAge = (typeof REVIEW_AGES)[number];

/**
 * What a later look came to. `resolved`: no longer unusual, as work was delivered since. `raised`: worse
 * than told, as delivered work was undone. `opened`: not told before, and unusual now that work was undone.
 */
export const REVIEW_VERDICTS = ["resolved", "raised", "opened"] as const;
export type ReviewVerdict = (typeof REVIEW_VERDICTS)[number];

export const UNDONE_CAUSES = ["incident", "incident-among-others"] as const;
export type UndoneCause = (typeof UNDONE_CAUSES)[number];

/** Work whose credit for a week changed, since it was last told or looked at. */
export type DeliveryChange = {
  readonly kind: "delivered" | "undone";
  readonly task: string;
  /** Units more, or units less; always positive. */
  readonly credit: number;
  /** When its last counted outcome was delivered; absent for what is undone. */
  readonly day?: Day;
  /** Of what is undone: an incident took it back, or some of it; absent if it was reverted or rolled back. */
  readonly cause?: UndoneCause;
};

/** Why a week is told of at a later age. */
export type AlertReview = {
  readonly age: ReviewAge;
  readonly verdict: ReviewVerdict;
  /** The alert that is looked at again; absent if it is opened only now. */
  readonly of?: { readonly id: string; readonly asOfMs: number };
  /** What the owner was told last, or what the first look showed. */
  readonly before: {
    readonly costNanoUsd: NanoUsd;
    readonly excessNanoUsd?: NanoUsd;
    /** Delivery units. */
    readonly credit: number;
  };
  /** Largest first. */
  readonly changes: readonly DeliveryChange[];
};

export type Alert = {
  /** Pure function of type, unit and period: a second scoring of the same thing is the same alert. */
  readonly id: string;
  readonly type: AlertType;
  readonly unit: AlertUnit;
  readonly team: string;
  /** Id of the budget owner who gets it. */
  readonly owner: string;
  /** As of when it was decided, milliseconds since 1970 UTC. */
  readonly asOfMs: number;
  /** Days that delivered work has to stand before its credit is final. */
  readonly survivalDays: number;
  readonly evidence: AlertEvidence;
  /** Set if a later look at the week led to it. */
  readonly review?: AlertReview;
};

/**
 * The id of the one alert about a unit: a week is named by its end, a session by itself, so that a
 * session over midnight is one unit. People read it, so it accuses nobody.
 */
export function alertId(unit: AlertUnit): string {
  switch (unit.kind) {
    case "user-window":
      return `week-${unit.user}-${unit.to}`;
    case "session":
      return `session-${unit.user}-${unit.session}`;
    case "user-day":
      return `day-${unit.user}-${unit.day}`;
    case "team-window":
      return `team-week-${unit.team}-${unit.to}`;
  }
}

/** Id of what is told of an alert at a later age: once for an alert, an age and a verdict. */
export function followUpId(id: string, age: ReviewAge, verdict: ReviewVerdict): string {
  return `${id}-${age}-${verdict}`;
}

/** Pseudonym of the person, or id of the team, that a unit is of. */
export function aboutWhom(unit: AlertUnit): string {
  return unit.kind === "team-window" ? unit.team : unit.user;
}
