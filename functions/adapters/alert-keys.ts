import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import {
  type Alert,
  type AlertType,
  aboutWhom,
  type ReviewAge,
} from "../../shared/alerts/alert.ts";
import { dayOf } from "../../shared/ledger/calendar.ts";

type Key = {
  readonly pk: AttributeValue.SMember;
  readonly sk: AttributeValue.SMember;
};

/** Partition of what waits for delivery. The stream of its inserts starts a delivery. */
export const OUTBOX_PARTITION = "OUTBOX";

/** Partition of all alerts in order of the day on which they were decided. */
export const REGISTER_PARTITION = "ALERTS";

/** What the partitions of alerts by type and person or team begin with. */
export const HISTORY_PREFIX = "ALERT#";

/** Alerts of a type about a person or team: what quiet periods are read from. */
export function historyPartition(type: AlertType, about: string): string {
  return `${HISTORY_PREFIX}${type}#${about}`;
}

function historyKey({ id, type, unit }: Alert): Key {
  return { pk: { S: historyPartition(type, aboutWhom(unit)) }, sk: { S: id } };
}

export function outboxKey(alertId: string): Key {
  return { pk: { S: OUTBOX_PARTITION }, sk: { S: alertId } };
}

type Registered = Pick<Alert, "id" | "asOfMs">;

/**
 * Where the register holds an alert, and beside it what its owner answered and what was told of it at
 * later ages. What an item is comes before the id, which an outsider may have chosen: no id can pass for
 * something else.
 */
export function registerKey(
  { id, asOfMs }: Registered,
  what: "alert" | "answer" | `follow-up-${ReviewAge}`,
): Key {
  return { pk: { S: REGISTER_PARTITION }, sk: { S: `${dayOf(asOfMs)}#${what}#${id}` } };
}

/**
 * Where an alert itself is in the register. A follow-up is named for the alert and the age, whatever the
 * verdict: there is one for each at most.
 */
export function registeredKey(alert: Alert): Key {
  const { review } = alert;
  return review?.of === undefined
    ? registerKey(alert, "alert")
    : registerKey(review.of, `follow-up-${review.age}`);
}

/** Where an alert stays after it is sent. */
export function lastingKeys(alert: Alert): readonly Key[] {
  return alert.review?.of === undefined
    ? [historyKey(alert), registeredKey(alert)]
    : [registeredKey(alert)];
}
