import { dayOf } from "../../shared/ledger/calendar.ts";
import { encodeOutcome } from "../../shared/outcomes/outcome-codec.ts";
import type { OutcomeEvent } from "../../shared/outcomes/outcome-event.ts";
import type { OutcomeLedger } from "../../shared/ports/outcome-ledger.ts";
import { LedgerUnavailableError } from "../../shared/ports/usage-ledger.ts";

export type InMemoryOutcomeLedger = OutcomeLedger & {
  readonly outcomes: () => readonly OutcomeEvent[];
  /** From now on every append fails, as while the store is throttled. */
  readonly breakDown: () => void;
};

export function inMemoryOutcomeLedger(): InMemoryOutcomeLedger {
  const stored = new Map<string, OutcomeEvent>();
  let isBroken = false;
  return {
    outcomes: () => [...stored.values()],
    breakDown: () => {
      isBroken = true;
    },
    append: async (outcome) => {
      if (isBroken) {
        throw new LedgerUnavailableError(new Error("throttled"));
      }
      const present = stored.get(outcome.id);
      if (present !== undefined) {
        return encodeOutcome(present) === encodeOutcome(outcome) ? "duplicate" : "conflict";
      }
      stored.set(outcome.id, outcome);
      return "committed";
    },
    readBetween: async (from, to) =>
      [...stored.values()]
        .filter(({ timeMs }) => dayOf(timeMs) >= from && dayOf(timeMs) < to)
        .sort((a, b) => a.timeMs - b.timeMs || (a.id < b.id ? -1 : 1)),
  };
}
