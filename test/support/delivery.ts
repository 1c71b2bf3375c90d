import { DAY_MS } from "../../shared/ledger/calendar.ts";
import { type DeliveryInput, deliveryHistory } from "../../shared/outcomes/delivery-history.ts";
import type { DeliveryUnit } from "../../shared/outcomes/delivery-unit.ts";
import type { OutcomeEvent } from "../../shared/outcomes/outcome-event.ts";
import { anOutcomeEvent } from "./outcome-event-builder.ts";

/** When `anOutcomeEvent` is merged. */
export const MERGED_MS = Date.UTC(2026, 9, 6, 15);

type Options = Partial<DeliveryInput> & { readonly asOfMs?: number };

/** The history of outcomes and sessions; with fewer than twenty tasks, 20 lines are a unit. */
export function historyOf(input: Pick<DeliveryInput, "outcomes"> & Partial<DeliveryInput>) {
  return deliveryHistory({
    sessions: [],
    settings: { survivalDays: 7, productionEnvironments: ["Production"] },
    ...input,
  });
}

/** Units ten days after the merge, unless told. */
export function unitsOf(
  outcomes: readonly OutcomeEvent[],
  { asOfMs = MERGED_MS + 10 * DAY_MS, ...rest }: Options = {},
): readonly DeliveryUnit[] {
  const history = historyOf({
    outcomes: outcomes.filter(({ timeMs }) => timeMs <= asOfMs),
    ...rest,
  });
  return [...history.unitsAsOf(asOfMs)];
}

export function creditOf(outcomes: readonly OutcomeEvent[], options?: Options): number {
  return unitsOf(outcomes, options).reduce((sum, unit) => sum + unit.creditMicroUnits, 0) / 1e6;
}

/** Why each outcome that does not count does not, by id. */
export function reasonsOf(
  outcomes: readonly OutcomeEvent[],
  options?: Options,
): Readonly<Record<string, string>> {
  const notCounted = unitsOf(outcomes, options).flatMap((unit) => unit.notCounted);
  return Object.fromEntries(notCounted.map(({ id, reason }) => [id, reason]));
}

export function linesAdded(additions: number, ignoredLines = 0): OutcomeEvent["size"] & object {
  return { additions, deletions: 0, files: 1, ignoredLines };
}

/** A deployment to production, an hour after the merge, that names no change. */
export function aDeployment(overrides: Partial<OutcomeEvent> = {}): OutcomeEvent {
  const {
    branch: _,
    size: __,
    ...event
  } = anOutcomeEvent({
    id: "deploy-1",
    kind: "deployment",
    timeMs: MERGED_MS + 3_600_000,
    environment: "production",
    commits: [],
    ...overrides,
  });
  return event;
}

/** Trouble in production, three days after the merge, that names nothing. */
export function anIncident(overrides: Partial<OutcomeEvent> = {}): OutcomeEvent {
  return {
    id: "incident-1",
    timeMs: MERGED_MS + 3 * DAY_MS,
    kind: "incident",
    user: "unattributed",
    environment: "production",
    commits: [],
    sessions: [],
    status: "succeeded",
    ...overrides,
  };
}
