import { describe, expect, test } from "vitest";
import { parseInvoiceCsv } from "../../../shared/reconciliation/invoice-csv.ts";

const HEADER = "provider,month,amount,currency,invoice";

describe("parseInvoiceCsv", () => {
  test("reads a month's invoices, and a credit note", () => {
    const csv = `${HEADER}\nAnthropic,2026-10,1234.56,USD,INV-7\nopenai,2026-12,-0.5,USD,CN/1\n`;

    expect(parseInvoiceCsv(csv, 42)).toEqual({
      kind: "invoices",
      statements: [
        {
          provider: "anthropic",
          kind: "invoice",
          from: "2026-10-01",
          to: "2026-11-01",
          row: "INV-7",
          asOfMs: 42,
          costNanoUsd: 1_234_560_000_000n,
        },
        {
          provider: "openai",
          kind: "invoice",
          from: "2026-12-01",
          to: "2027-01-01",
          row: "CN/1",
          asOfMs: 42,
          costNanoUsd: -500_000_000n,
        },
      ],
    });
  });

  test.each([
    ["a month that is none", "anthropic,2026-13,1,USD,I", "month"],
    ["separators in the amount", 'anthropic,2026-10,"1,234.56",USD,I', "amount"],
    ["a decimal comma", 'anthropic,2026-10,"1234,56",USD,I', "amount"],
    ["another currency", "anthropic,2026-10,1,EUR,I", "currency"],
    ["no invoice number", "anthropic,2026-10,1,USD,", "invoice"],
    ["too few cells", "anthropic,2026-10,1,USD", ""],
  ])("refuses the whole file for %s, and says where", (_, line, column) => {
    const parsed = parseInvoiceCsv(`${HEADER}\nopenai,2026-10,5,USD,GOOD\n${line}\n`, 1);

    expect(parsed).toMatchObject({ kind: "refused", faults: [{ line: 3, column }] });
  });

  test("never repeats a cell", () => {
    const parsed = parseInvoiceCsv(`${HEADER}\nSECRET!,SECRET,SECRET,SECRET,SECRET SECRET\n`, 1);

    expect(parsed.kind === "refused" && parsed.faults).toHaveLength(5);
    expect(JSON.stringify(parsed)).not.toContain("SECRET");
  });
});
