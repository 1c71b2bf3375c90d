import { stringify } from "csv-stringify/sync";
import type { DirectoryLookup } from "../directory/directory.ts";
import { exactUsd } from "../money/nano-usd.ts";
import { textCell } from "../reports/text-cell.ts";
import type { Reconciled } from "./reconcile.ts";

type Column = {
  readonly name: string;
  readonly cell: (row: Reconciled, directory: Pick<DirectoryLookup, "placeOf">) => string;
};

/** In the order of the file. Columns are added at the end, never moved or renamed. */
const COLUMNS: readonly Column[] = [
  { name: "period", cell: (row) => row.period },
  { name: "provider", cell: (row) => textCell(row.provider) },
  { name: "against", cell: (row) => row.against },
  { name: "tool", cell: (row) => textCell(row.tool ?? "") },
  {
    name: "team",
    cell: ({ person, period }, directory) =>
      person === undefined ? "" : textCell(directory.placeOf(person, period).team),
  },
  { name: "person", cell: ({ person }) => person ?? "" },
  { name: "telemetry_usd", cell: (row) => exactUsd(row.telemetryNanoUsd) },
  { name: "reported_usd", cell: (row) => exactUsd(row.reportedNanoUsd) },
  { name: "matched_usd", cell: (row) => exactUsd(row.matchedNanoUsd) },
  { name: "missing_in_telemetry_usd", cell: (row) => exactUsd(row.missingInTelemetryNanoUsd) },
  { name: "missing_at_provider_usd", cell: (row) => exactUsd(row.missingAtProviderNanoUsd) },
  { name: "unpriced_calls", cell: (row) => `${row.unpricedCalls}` },
  { name: "unpriced_rows", cell: (row) => `${row.unpricedRows}` },
];

/** Every comparison as CSV by RFC 4180, in the form of the cost report: CRLF, nine decimals. */
export function reconciliationCsv(
  reconciled: readonly Reconciled[],
  directory: Pick<DirectoryLookup, "placeOf">,
): string {
  return stringify(
    [
      COLUMNS.map(({ name }) => name),
      ...reconciled.map((row) => COLUMNS.map(({ cell }) => cell(row, directory))),
    ],
    { record_delimiter: "\r\n", quoted_match: /[\r\n]/ },
  );
}
