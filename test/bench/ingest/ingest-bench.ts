import { cpus, loadavg } from "node:os";
import type { BenchResult } from "../bench-result.ts";
import { handlerThroughput } from "./handler-throughput.ts";
import { type IngestFigures, ingestText } from "./ingest-text.ts";
import { parseCost } from "./parse-cost.ts";
import { writeUnits } from "./write-units.ts";

export const MAX_JSON_RATIO = 4;
export const MAX_PROTOBUF_RATIO = 3;
/** Most write units per event of the ledger, by events per request. */
export const MAX_WRITE_UNITS: ReadonlyMap<number, number> = new Map([
  [1, 1.05],
  [10, 0.25],
]);

/** What it costs to take usage in: CPU of the parsers, events per second, units of the store. */
export async function ingestBench(): Promise<BenchResult> {
  const figures: IngestFigures = {
    machine: machine(),
    parse: await parseCost(),
    throughput: await handlerThroughput(),
    writeUnits: await writeUnits(),
  };
  return { markdown: ingestText(figures), figures, missed: missedIn(figures) };
}

function machine(): string {
  const [cpu] = cpus();
  const load = loadavg()[0]?.toFixed(1);
  return `${cpus().length} × ${cpu?.model ?? "unknown processor"}, Node.js ${process.versions.node}, load ${load} at the start`;
}

function missedIn({ parse, writeUnits: units }: IngestFigures): readonly string[] {
  return [
    ...(parse.jsonRatio.median > MAX_JSON_RATIO ? ["CPU of OTLP JSON"] : []),
    ...(parse.protobufRatio.median > MAX_PROTOBUF_RATIO ? ["CPU of OTLP Protocol Buffers"] : []),
    ...units
      .filter(
        ({ eventsPerRequest, ledger }) => ledger > (MAX_WRITE_UNITS.get(eventsPerRequest) ?? 1),
      )
      .map(({ batch }) => `write units of ${batch}`),
  ];
}
