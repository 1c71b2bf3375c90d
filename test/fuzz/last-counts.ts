import { type Counts, NO_COUNTS } from "./http-answer.ts";

/** Takes a handler's metrics, and gives those of the last request. A request without any counted nothing. */
export function lastCounts() {
  let emitted: Readonly<Record<string, number>>[] = [];
  return {
    emit: (values: Readonly<Record<string, number>>): void => {
      emitted.push(values);
    },
    take: (): Counts => {
      const counts = emitted.reduce<Counts>(
        (sum, values) => ({
          received: sum.received + (values["Received"] ?? 0),
          committed: sum.committed + (values["Committed"] ?? 0),
          duplicate: sum.duplicate + (values["Duplicate"] ?? 0),
          quarantined: sum.quarantined + (values["Quarantined"] ?? 0),
          rejected: sum.rejected + (values["Rejected"] ?? 0),
        }),
        NO_COUNTS,
      );
      emitted = [];
      return counts;
    },
  };
}
