import { dayOf, monthOf } from "../ledger/calendar.ts";
import type { Month } from "../ledger/roll-ups.ts";
import { type DeliveryInput, deliveryHistory } from "../outcomes/delivery-history.ts";
import { UNATTRIBUTED, type UserPseudonym } from "../usage/usage-event.ts";

/** Pieces of a use case that were delivered in a month and stand, and what they earned. */
export type UseCaseDelivery = {
  readonly pieces: number;
  /** Whole millionths of a delivery unit. */
  readonly microUnits: number;
  /** Who delivered them, as far as that is known. */
  readonly people: ReadonlySet<UserPseudonym>;
};

/** By use case. */
export type UseCaseDeliveries = ReadonlyMap<string, UseCaseDelivery>;

export type UseCaseDeliveriesInput = Omit<DeliveryInput, "sessions"> & {
  readonly month: Month;
  /** What was undone by then does not stand. */
  readonly asOfMs: number;
};

/** What was delivered of each use case in a month. A piece that earns nothing is none. */
export function useCaseDeliveries({
  month,
  asOfMs,
  ...input
}: UseCaseDeliveriesInput): UseCaseDeliveries {
  const history = deliveryHistory({ ...input, sessions: [] });
  const pieces = [...history.creditsOfOutcomes(asOfMs)].filter(
    ({ outcome: { kind, timeMs }, creditMicroUnits }) =>
      kind === "use_case" && monthOf(dayOf(timeMs)) === month && creditMicroUnits > 0,
  );
  const byUseCase = Map.groupBy(pieces, ({ outcome }) => outcome.useCase ?? "");
  return new Map(
    [...byUseCase].map(([useCase, own]) => [
      useCase,
      {
        pieces: own.length,
        microUnits: own.reduce((sum, { creditMicroUnits }) => sum + creditMicroUnits, 0),
        people: new Set(
          own.map(({ outcome }) => outcome.user).filter((user) => user !== UNATTRIBUTED),
        ),
      },
    ]),
  );
}

/** What a report may say of it: nothing of a group in which single people could be told apart. */
export type DeliveredPieces =
  | { readonly kind: "counted"; readonly pieces: number; readonly microUnits: number }
  | { readonly kind: "withheld" };

const SMALLEST_GROUP = 5;

/** @param spenders The people who spent on the use case. */
export function deliveredPieces(
  delivery: UseCaseDelivery | undefined,
  spenders: readonly UserPseudonym[],
): DeliveredPieces {
  const { pieces = 0, microUnits = 0, people = [] } = delivery ?? {};
  const group = new Set([...people, ...spenders]);
  group.delete(UNATTRIBUTED);
  return group.size > 0 && group.size < SMALLEST_GROUP
    ? { kind: "withheld" }
    : { kind: "counted", pieces, microUnits };
}
