import type { ProviderStatements } from "../../shared/ports/provider-statements.ts";
import { parseInvoiceCsv } from "../../shared/reconciliation/invoice-csv.ts";
import { inParallel } from "../adapters/in-parallel.ts";
import { type DropReport, refused } from "./drop-report.ts";
import { dropText } from "./drop-text.ts";

export const INVOICES_FOLDER = "invoices";

export type InvoiceDropDeps = { readonly statements: Pick<ProviderStatements, "put"> };

const PUTS_AT_ONCE = 16;

/** Imports a file of invoices: as a whole or not at all, as half a month's invoices look like a gap. */
export async function importInvoiceDrop(
  bytes: AsyncIterable<Uint8Array>,
  asOfMs: number,
  { statements }: InvoiceDropDeps,
): Promise<DropReport> {
  const read = await dropText(bytes);
  if (read.kind === "unreadable") {
    return refused(read.message);
  }
  const parsed = parseInvoiceCsv(read.text, asOfMs);
  if (parsed.kind === "refused") {
    return { drop: "refused", faults: parsed.faults };
  }
  await inParallel(parsed.statements, PUTS_AT_ONCE, (statement) => statements.put(statement));
  return { drop: "imported", rows: parsed.statements.length };
}
