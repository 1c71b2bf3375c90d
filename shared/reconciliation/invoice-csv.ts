import * as z from "zod";
import { periodOfMonth } from "../ledger/calendar.ts";
import { nanoUsdFromDecimal } from "../money/nano-usd.ts";
import { type CsvFault, readCsvTable } from "../wire/csv-table.ts";
import type { ProviderStatement } from "./provider-statement.ts";

export type ParsedInvoiceCsv =
  | { readonly kind: "invoices"; readonly statements: readonly ProviderStatement[] }
  /** Nothing of the file may be used: half the invoices of a month look like a gap. */
  | { readonly kind: "refused"; readonly faults: readonly CsvFault[] };

const MAX_FAULTS = 100;
const NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;
const INVOICE = /^[\w./#-]{1,64}$/;

const Cells = z.object({
  provider: z
    .string()
    .toLowerCase()
    .regex(NAME, "must be a provider as in the cost report, such as anthropic or openai"),
  month: z.string().regex(/^20\d{2}-(?:0[1-9]|1[0-2])$/, "must be a month such as 2026-10"),
  amount: z
    .string()
    .regex(
      /^-?\d{1,9}(?:\.\d{1,9})?$/,
      "must be a decimal with a point and no separators, such as 1234.56",
    ),
  currency: z.literal("USD", "must be USD: enter what the invoice came to in dollars"),
  invoice: z
    .string()
    .regex(INVOICE, "must be the number of the invoice: letters, digits and ._-/# only"),
});

/**
 * Reads `invoices/*.csv`, which finance writes: `provider,month,amount,currency,invoice`, a line for
 * each invoice of a month; a credit note is negative. The same invoice in a later file replaces this
 * one. Any fault refuses the whole file, and no message repeats a cell.
 *
 * @param asOfMs When the file was written.
 */
export function parseInvoiceCsv(text: string, asOfMs: number): ParsedInvoiceCsv {
  const table = readCsvTable(text, {
    required: ["provider", "month", "amount", "currency", "invoice"],
    emptyMessage: "has no line with an invoice",
  });
  if (table.kind === "unreadable") {
    return { kind: "refused", faults: table.faults };
  }
  const read = table.rows.map(({ cells, line }) => ({ line, result: Cells.safeParse(cells) }));
  const faults = [
    ...table.faults,
    ...read.flatMap(({ line, result }) => faultsOf(line, result.error)),
  ].sort((a, b) => a.line - b.line);
  return faults.length > 0
    ? { kind: "refused", faults: faults.slice(0, MAX_FAULTS) }
    : {
        kind: "invoices",
        statements: read.flatMap(({ result }) =>
          result.success ? [statementOf(result.data, asOfMs)] : [],
        ),
      };
}

function statementOf(
  { provider, month, amount, invoice }: z.infer<typeof Cells>,
  asOfMs: number,
): ProviderStatement {
  return {
    provider,
    kind: "invoice",
    ...periodOfMonth(month),
    row: invoice,
    asOfMs,
    costNanoUsd: nanoUsdFromDecimal(amount),
  };
}

function faultsOf(line: number, error: z.ZodError | undefined): readonly CsvFault[] {
  return (error?.issues ?? []).map(({ path: [column], message }) => ({
    line,
    column: String(column ?? ""),
    message,
  }));
}
