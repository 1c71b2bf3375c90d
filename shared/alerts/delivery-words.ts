import { type DeliveryState, NOT_COUNTED_WORDS } from "../outcomes/delivery-unit.ts";
import { type Name, named } from "./phrase.ts";

const STATE_WORDS: ReadonlyMap<string, string> = new Map<DeliveryState, string>([
  ["provisional", "not final yet"],
  ["survived", "final"],
  ["reverted", "undone"],
  ["nothing-counted", "nothing counted"],
]);
const REASON_WORDS: ReadonlySet<string> = new Set(Object.values(NOT_COUNTED_WORDS));

/** How far a piece of delivered work has come. A state that is not ours is shown as a name. */
export function stateWords(state: string): string | Name {
  return STATE_WORDS.get(state) ?? named(state);
}

/** Why an outcome did not count. A reason that is not in our words is shown as a name. */
export function reasonWords(reason: string): string | Name {
  return REASON_WORDS.has(reason) ? reason : named(reason);
}

/** Whether the work may still come to count in full. */
export function isOpenState(state: string): boolean {
  return state === "provisional";
}

export function isOpenReason(reason: string): boolean {
  return reason === NOT_COUNTED_WORDS["not-deployed-yet"];
}
