import { type DeliveryInput, deliveryHistory } from "./delivery-history.ts";
import type { DeliveryUnit } from "./delivery-unit.ts";

/**
 * The delivery units of a history of outcomes, as known at a moment. Every outcome up to then is in
 * exactly one unit, as counted or with the reason why not. The order of the input does not matter.
 */
export function deliveryUnits(
  input: DeliveryInput & { readonly asOfMs: number },
): readonly DeliveryUnit[] {
  const { asOfMs } = input;
  const outcomes = input.outcomes.filter(({ timeMs }) => timeMs <= asOfMs);
  return deliveryHistory({ ...input, outcomes }).unitsAsOf(asOfMs);
}
