import type { Day } from "../ledger/roll-ups.ts";
import type { UserPseudonym } from "../usage/usage-event.ts";

/** Credit is counted in whole millionths of a unit, so that parts add up to the unit exactly. */
export const MICRO_UNITS_PER_UNIT = 1_000_000;

/**
 * - `provisional`: credited, but not yet survived the survival period.
 * - `survived`: everything that counts has survived it.
 * - `reverted`: what would count was undone.
 * - `nothing-counted`: nothing in it could ever count.
 */
export type DeliveryState = "provisional" | "survived" | "reverted" | "nothing-counted";

/**
 * How a session came to a unit, strongest first: the outcome names it; they share a commit; same
 * person and branch; or, only if none of these links a session of the person, the person was at work
 * in the weeks before.
 */
export const ATTRIBUTION_RULES = ["named", "commit", "branch", "window-share"] as const;
export type AttributionRule = (typeof ATTRIBUTION_RULES)[number];

/** Part of a unit that one day of one session earned. */
export type SessionCredit = {
  readonly user: UserPseudonym;
  readonly session: string;
  readonly day: Day;
  readonly rule: AttributionRule;
  /**
   * Part of the unit in millionths: by lines over its changes, by cost over the sessions of each.
   * Over the sessions of a unit they sum to 1,000,000, less the parts of changes without a session.
   */
  readonly shareMillionths: number;
  /**
   * Over the sessions of a unit they sum to its `creditMicroUnits`, less the parts of changes whose
   * authors are not known to have had a session.
   */
  readonly creditMicroUnits: number;
};

/** Why an outcome adds nothing, each with its wording in {@link NOT_COUNTED_WORDS}. */
export type NotCountedReason = keyof typeof NOT_COUNTED_WORDS;

/** Our own words only: what a sender wrote is never quoted in a reason. */
export const NOT_COUNTED_WORDS = {
  failed: "it did not succeed",
  "not-production": "it was not deployed to production",
  "no-op": "it changes nothing but generated, lock, vendored or whitespace lines",
  "change-counted": "it ships a change that is judged on its own",
  "same-artifact": "the same artifact was deployed before",
  "same-outcome": "the same outcome was reported before",
  undoing: "it undoes earlier work, which delivers nothing",
  incident: "it is an incident, which delivers nothing",
  undone: "it was reverted or rolled back",
  "undone-by-incident": "it was taken back: an incident in production named it",
  "not-deployed-yet": "it is merged, but not in production yet",
  "other-unit": "this team counts another kind of outcome",
  "use-case-not-registered": "its use case is not registered",
  "task-full": "it is part of a task that has its full unit already",
} as const;

/** True of reasons that take back what would count. */
export function isUndone(reason: NotCountedReason): boolean {
  return reason === "undone" || reason === "undone-by-incident";
}

export type CountedOutcome = { readonly id: string; readonly creditMicroUnits: number };

export type NotCountedOutcome = {
  readonly id: string;
  readonly user: UserPseudonym;
  readonly timeMs: number;
  readonly reason: NotCountedReason;
};

/**
 * All outcomes of one task, and what they are worth together: at most one unit, or the weight of a
 * registered use case of the task if that is more.
 */
export type DeliveryUnit = {
  /** Id of the unit's first outcome. */
  readonly id: string;
  /** What people call it: the issue key, the branch, or the first outcome's id. */
  readonly task: string;
  readonly state: DeliveryState;
  /** Whole millionths of a unit: 0 to 1,000,000, or to ten times that with a registered use case. */
  readonly creditMicroUnits: number;
  /** The people whose outcomes these are. */
  readonly users: readonly UserPseudonym[];
  /** When the first and the last counted outcome was delivered; absent if none counts. */
  readonly firstDeliveredMs?: number;
  readonly lastDeliveredMs?: number;
  readonly counted: readonly CountedOutcome[];
  readonly notCounted: readonly NotCountedOutcome[];
  /** Empty if no session is known that could have produced it. */
  readonly sessions: readonly SessionCredit[];
};
