import { stringify } from "csv-stringify/sync";
import { exactUsd } from "../money/nano-usd.ts";
import type { MonthlyCostRow } from "./monthly-costs.ts";
import { textCell } from "./text-cell.ts";

type Column = {
  readonly name: string;
  readonly cell: (row: MonthlyCostRow) => string;
};

/** In the order of the file. Columns are added at the end, never moved or renamed. */
const COLUMNS: readonly Column[] = [
  { name: "day", cell: (row) => row.day },
  { name: "team", cell: (row) => textCell(row.team) },
  { name: "cost_center", cell: (row) => textCell(row.costCenter) },
  { name: "owner", cell: (row) => textCell(row.owner) },
  { name: "person", cell: (row) => textCell(row.person) },
  { name: "tool", cell: (row) => textCell(row.tool) },
  { name: "provider", cell: (row) => textCell(row.provider) },
  { name: "model", cell: (row) => textCell(row.model) },
  { name: "calls", cell: (row) => `${row.calls}` },
  { name: "uncached_input_tokens", cell: (row) => `${row.tokens.uncachedInput}` },
  { name: "cache_read_tokens", cell: (row) => `${row.tokens.cacheRead}` },
  { name: "cache_write_5m_tokens", cell: (row) => `${row.tokens.cacheWrite5m}` },
  { name: "cache_write_1h_tokens", cell: (row) => `${row.tokens.cacheWrite1h}` },
  { name: "output_tokens", cell: (row) => `${row.tokens.output}` },
  { name: "reasoning_tokens", cell: (row) => `${row.tokens.reasoning}` },
  { name: "unpriced_calls", cell: (row) => `${row.unpricedCalls}` },
  { name: "cost_basis", cell: (row) => row.costBasis },
  { name: "cost_usd", cell: (row) => exactUsd(row.costNanoUsd) },
];

/**
 * The rows as CSV by RFC 4180: comma, header, lines that end in CRLF, UTF-8 without a byte order
 * mark. Costs have nine decimals, so that their sum is the total to the last digit.
 */
export function monthlyCostsCsv(rows: readonly MonthlyCostRow[]): string {
  return stringify(
    [COLUMNS.map(({ name }) => name), ...rows.map((row) => COLUMNS.map(({ cell }) => cell(row)))],
    // A lone CR or LF in a name would end the line for many readers; csv-stringify sees only CRLF.
    { record_delimiter: "\r\n", quoted_match: /[\r\n]/ },
  );
}
