import { CollectorProgress } from "../../shared/collect/collector-progress.ts";
import type { CollectorProgressStore } from "../../shared/ports/collector-progress-store.ts";
import type { ProviderStatements } from "../../shared/ports/provider-statements.ts";
import type { ProviderStatement } from "../../shared/reconciliation/provider-statement.ts";
import { decodeStatement, encodeStatement } from "../../shared/reconciliation/statement-codec.ts";

/** Keeps what goes through the codec, as the table does. */
export function inMemoryCollectorProgress(): CollectorProgressStore & {
  readonly text: () => string;
} {
  const kept = new Map<string, string>();
  return {
    text: () => JSON.stringify([...kept]),
    read: async (collector): Promise<CollectorProgress> =>
      CollectorProgress.parse(JSON.parse(kept.get(collector) ?? "{}")),
    write: async (collector, progress) => {
      kept.set(collector, JSON.stringify(progress));
    },
  };
}

export function inMemoryProviderStatements(): ProviderStatements & {
  readonly all: () => readonly ProviderStatement[];
} {
  const kept = new Map<string, string>();
  const all = () => [...kept.values()].map(decodeStatement);
  return {
    all,
    put: async (statement) => {
      const { provider, kind, from, to, row, asOfMs } = statement;
      const place = JSON.stringify([provider, kind, from, to, row]);
      const present = kept.get(place);
      if (present === undefined || decodeStatement(present).asOfMs < asOfMs) {
        kept.set(place, encodeStatement(statement));
      }
    },
    readBetween: async (from, to) =>
      all().filter((statement) => statement.from >= from && statement.from < to),
  };
}
