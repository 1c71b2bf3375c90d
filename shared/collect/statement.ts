import { addDays } from "../ledger/calendar.ts";
import type { Day } from "../ledger/roll-ups.ts";
import type { ProviderStatement } from "../reconciliation/provider-statement.ts";
import { givenFields } from "../usage/given-fields.ts";
import type { RowReading } from "./collector-source.ts";

/** What a report says of a day, where it names no person. */
export type StatedDay = {
  /** The report, and all that tells its rows of one day apart. */
  readonly row: readonly (string | undefined)[];
  readonly day: Day;
} & Pick<ProviderStatement, "provider" | "kind" | "asOfMs"> & {
    readonly [K in "model" | "tokens" | "calls" | "costNanoUsd"]?: ProviderStatement[K] | undefined;
  };

/** A row of a report as a statement, that replaces what the same row said before. */
export function statement({
  row,
  day,
  model,
  tokens,
  calls,
  costNanoUsd,
  ...said
}: StatedDay): RowReading {
  return {
    kind: "statement",
    statement: {
      ...said,
      from: day,
      to: addDays(day, 1),
      row: JSON.stringify(row.map((part) => part ?? null)),
      ...givenFields({ model, tokens, calls, costNanoUsd }),
    },
  };
}
