import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { parse } from "csv-parse/sync";
import * as z from "zod";
import type { Month } from "../../shared/ledger/roll-ups.ts";
import type { NanoUsd } from "../../shared/money/nano-usd.ts";
import { nanoUsdFromDecimal } from "../../shared/money/nano-usd.ts";

/** A month's report as finance gets it. */
export type MonthReport = {
  readonly csv: string;
  readonly summary: string;
};

const Rows = z.array(z.object({ cost_usd: z.string(), charge_category: z.string() }));
const Summary = z.object({ usageNanoUsd: z.string().transform(BigInt) });

export async function readReport(
  client: S3Client,
  bucket: string,
  month: Month,
): Promise<MonthReport> {
  const text = async (name: string) => {
    const Key = `reports/${month}/${name}`;
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
    return (await Body?.transformToString()) ?? "";
  };
  return { csv: await text("costs.csv"), summary: await text("summary.json") };
}

/** Sums the cost of usage up, as a reader of the file would: the ledger knows of no seats. */
export function csvTotal({ csv }: MonthReport): NanoUsd {
  return Rows.parse(parse(csv, { columns: true }))
    .filter((row) => row.charge_category === "Usage")
    .map((row) => nanoUsdFromDecimal(row.cost_usd))
    .reduce((total, cost) => total + cost, 0n);
}

export function statedTotal({ summary }: MonthReport): NanoUsd {
  return Summary.parse(JSON.parse(summary)).usageNanoUsd;
}
