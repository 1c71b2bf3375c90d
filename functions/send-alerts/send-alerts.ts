import type { Context, DynamoDBBatchResponse } from "aws-lambda";
import * as z from "zod";
import { alertFromJson } from "../../shared/alerts/alert-codec.ts";
import { emitMetrics } from "../adapters/metrics.ts";
import { describeError } from "../middleware/describe-error.ts";
import { type Delivery, type DeliveryDeps, deliver, sweepEntry } from "./deliver-alert.ts";

/** Below this no further alert is taken: one that is cut off while it is sent has to be settled by hand. */
const LEAST_REMAINING_MS = 20_000;

/** What could not be sent for now. Thrown by the sweep, so that it runs again and its error is seen. */
export class AlertsNotSentError extends Error {
  override readonly name = "AlertsNotSentError";
  readonly alertIds: readonly string[];

  constructor(alertIds: readonly string[]) {
    super(`${alertIds.length} alerts could not be sent for now`);
    this.alertIds = alertIds;
  }
}

const StreamEvent = z.object({
  Records: z.array(
    z.object({
      dynamodb: z.object({
        SequenceNumber: z.string(),
        NewImage: z.object({ alert: z.object({ S: z.string() }) }).optional(),
      }),
    }),
  ),
});
const SweepEvent = z.object({ scheduledTime: z.string() });
const SendAlertsEvent = z.union([StreamEvent, SweepEvent]);

export type SendAlertsHandler = (
  event: unknown,
  context: Pick<Context, "getRemainingTimeInMillis">,
) => Promise<DynamoDBBatchResponse>;

/**
 * Delivers alerts: those that the outbox's stream tells of, and on a schedule those that are left.
 * Both ways meet in the claim, so that an alert goes out at most once. What fails is reported to
 * Lambda, which tries it again; what is in doubt is reported to the operators.
 */
export function sendAlertsHandler(deps: DeliveryDeps): SendAlertsHandler {
  return async (event, context) => {
    const input = SendAlertsEvent.parse(event);
    const hasTime = () => context.getRemainingTimeInMillis() > LEAST_REMAINING_MS;
    if ("Records" in input) {
      const unsent = await attemptEach(input.Records.map(insertTask(deps)), hasTime);
      return { batchItemFailures: unsent.map((itemIdentifier) => ({ itemIdentifier })) };
    }
    const pending = await deps.outbox.pending();
    const unsent = await attemptEach(
      pending.map((entry) => ({ id: entry.alert.id, run: () => sweepEntry(deps, entry) })),
      hasTime,
    );
    if (unsent.length > 0) {
      throw new AlertsNotSentError(unsent);
    }
    return { batchItemFailures: [] };
  };
}

type Task = { readonly id: string; readonly run: () => Promise<Delivery> };

function insertTask(deps: DeliveryDeps) {
  return ({ dynamodb }: z.infer<typeof StreamEvent>["Records"][number]): Task => ({
    id: dynamodb.SequenceNumber,
    run: async () => deliver(deps, alertFromJson(dynamodb.NewImage?.alert.S ?? "")),
  });
}

/** Tries every task, whatever becomes of the others. Answers the ids of those to try again. */
async function attemptEach(
  tasks: readonly Task[],
  hasTime: () => boolean,
): Promise<readonly string[]> {
  const results: { readonly id: string; readonly result: Delivery | "failed" | "postponed" }[] = [];
  for (const { id, run } of tasks) {
    results.push({ id, result: hasTime() ? await outcomeOf(id, run) : "postponed" });
  }
  const numberOf = (kind: string) => results.filter(({ result }) => result === kind).length;
  const counts = Object.fromEntries(
    [...new Set(results.map(({ result }) => result))].map((kind) => [kind, numberOf(kind)]),
  );
  console.info({ alerts: results.length, ...counts });
  emitMetrics({ AlertsSent: numberOf("sent"), AlertsUncertain: numberOf("uncertain") });
  return results
    .filter(({ result }) => ["refused", "failed", "postponed"].includes(result))
    .map(({ id }) => id);
}

async function outcomeOf(id: string, run: () => Promise<Delivery>): Promise<Delivery | "failed"> {
  try {
    return await run();
  } catch (error) {
    console.error({ message: "alert not delivered", id, error: describeError(error) });
    return "failed";
  }
}
