import { stringify } from "csv-stringify/sync";
import { exactUsd } from "../money/nano-usd.ts";
import type { Charge, MonthlyCostRow } from "./monthly-costs.ts";
import { textCell } from "./text-cell.ts";

type Column = {
  readonly name: string;
  readonly cell: (row: MonthlyCostRow) => string;
};

/**
 * ChargeCategory and ChargeFrequency in the words of FOCUS.
 *
 * @see https://focus.finops.org/focus-specification/
 */
const FOCUS = {
  usage: { category: "Usage", frequency: "Usage-Based" },
  seat: { category: "Purchase", frequency: "Recurring" },
} as const satisfies Record<Charge, { readonly category: string; readonly frequency: string }>;

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
  { name: "charge_category", cell: (row) => FOCUS[row.charge].category },
  { name: "charge_frequency", cell: (row) => FOCUS[row.charge].frequency },
  { name: "plan", cell: (row) => textCell(row.plan) },
  { name: "seat_days", cell: (row) => `${row.seatDays}` },
  { name: "credits_used", cell: ({ credits }) => creditsCell(credits?.used) },
  { name: "credits_overage", cell: ({ credits }) => creditsCell(credits?.overage) },
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

/** Millionths of a credit as credits, exactly; empty where the source states none. */
function creditsCell(millionths: number | undefined): string {
  return millionths === undefined ? "" : (millionths / 1_000_000).toFixed(6);
}
