import { encodeOutcome } from "../../shared/outcomes/outcome-codec.ts";
import type { Quarantine, QuarantinedRecord } from "../../shared/ports/quarantine.ts";
import { encodeUsage } from "../../shared/usage/usage-codec.ts";

export type InMemoryQuarantine = Quarantine & {
  readonly records: () => readonly QuarantinedRecord[];
};

export function inMemoryQuarantine(): InMemoryQuarantine {
  const kept = new Map<string, QuarantinedRecord>();
  return {
    records: () => [...kept.values()],
    keep: async (record) => {
      const key = record.kind === "usage" ? encodeUsage(record.event) : encodeOutcome(record.event);
      const place = `${record.reason} ${key}`;
      if (!kept.has(place)) {
        kept.set(place, { ...record, key });
      }
    },
    list: async (reason) => [...kept.values()].filter((record) => record.reason === reason),
    remove: async ({ reason, key }) => {
      kept.delete(`${reason} ${key}`);
    },
  };
}
