import type { Alert } from "../../shared/alerts/alert.ts";
import { operationsText } from "../../shared/alerts/operations-text.ts";
import type { AlertOutbox, OutboxEntry } from "../../shared/ports/alert-outbox.ts";
import { NotAcceptedError, type Notifier } from "../../shared/ports/notifier.ts";
import { describeError } from "../middleware/describe-error.ts";

export type DeliveryDeps = {
  readonly outbox: AlertOutbox;
  readonly notifier: Notifier;
  readonly nowMs: () => number;
};

/**
 * What became of one alert:
 * - `sent`: accepted by the owner's topic, and marked so.
 * - `held`: sent already, or claimed by somebody else. Nothing to do.
 * - `refused`: certainly not sent, and free again.
 * - `uncertain`: may have been sent. Operators were told, and it is not sent again.
 */
export type Delivery = "sent" | "held" | "refused" | "uncertain";

/** A claim without a result is dead after this long: no Lambda function runs for more than 15 minutes. */
const CLAIM_DIES_AFTER_MS = 15 * 60_000;

/**
 * Delivers one alert, at most once. The claim comes before the message and stays in place unless the
 * message was certainly not accepted, so after a crash at any point the alert is not taken again.
 */
export async function deliver(deps: DeliveryDeps, alert: Alert): Promise<Delivery> {
  const { outbox, notifier, nowMs } = deps;
  if (!(await outbox.claim(alert.id, nowMs()))) {
    return "held";
  }
  try {
    const sent = await notifier.alert(alert);
    await outbox.markSent(alert.id, nowMs(), sent);
    return "sent";
  } catch (error) {
    if (error instanceof NotAcceptedError) {
      console.warn({ message: "alert refused", alertId: alert.id, error: describeError(error) });
      await outbox.release(alert.id);
      return "refused";
    }
    return reportUncertain(deps, alert, reasonOf(error));
  }
}

/**
 * What the sweep does with an entry that is still in the outbox: delivers what nobody took, and
 * reports what somebody took and never finished.
 */
export function sweepEntry(deps: DeliveryDeps, entry: OutboxEntry): Promise<Delivery> {
  const { alert, claimedAtMs, uncertainAtMs } = entry;
  if (claimedAtMs === undefined) {
    return deliver(deps, alert);
  }
  const isDead = deps.nowMs() - claimedAtMs >= CLAIM_DIES_AFTER_MS;
  return isDead && uncertainAtMs === undefined
    ? reportUncertain(deps, alert, "its delivery was cut off before its result was recorded")
    : Promise.resolve("held");
}

/** Tells first, notes it after: a crash in between tells operators twice, never not at all. */
async function reportUncertain(
  { outbox, notifier, nowMs }: DeliveryDeps,
  alert: Alert,
  cause: string,
): Promise<Delivery> {
  const { subject, text } = operationsText(alert, cause);
  await notifier.operations(subject, text);
  await outbox.markUncertain(alert.id, nowMs());
  return "uncertain";
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
