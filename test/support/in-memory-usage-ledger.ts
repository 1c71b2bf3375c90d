import { dayOf } from "../../shared/ledger/calendar.ts";
import { restates } from "../../shared/ledger/restates.ts";
import { addsToCall, isSameCallSeenTwice } from "../../shared/ledger/same-call.ts";
import { segmentKey } from "../../shared/ledger/segment.ts";
import type { AppendOutcome, UsageLedger } from "../../shared/ports/usage-ledger.ts";
import type { UsageEvent } from "../../shared/usage/usage-event.ts";

export type InMemoryUsageLedger = UsageLedger & {
  readonly events: () => readonly UsageEvent[];
};

/** Keeps the promises of the port, with the same place for an event as the table has. */
export function inMemoryUsageLedger(): InMemoryUsageLedger {
  const stored = new Map<string, UsageEvent>();
  const append = (event: UsageEvent, beside = ""): AppendOutcome => {
    const { pk, sk } = segmentKey(event);
    const place = `${pk} ${sk} ${event.id} ${beside}`;
    const present = stored.get(place);
    if (present === undefined) {
      stored.set(place, event);
      return { kind: beside === "" ? "committed" : "duplicate" };
    }
    if (addsToCall(present, event)) {
      return append(event, `${beside}+`);
    }
    return restates(present, event) || isSameCallSeenTwice(present, event)
      ? { kind: "duplicate" }
      : {
          kind: "quarantined",
          quarantined: {
            event,
            reason: "conflict",
            detail: "the ledger holds this identity with other content",
            index: 0,
          },
        };
  };
  return {
    events: () => [...stored.values()],
    append: async (events) => events.map((event) => append(event)),
    readUserDay: async (user, day) =>
      [...stored.values()].filter((event) => event.user === user && dayOf(event.timeMs) === day),
  };
}
