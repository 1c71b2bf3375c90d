import type { Spread } from "../cpu-rounds.ts";
import type { Throughput } from "./handler-throughput.ts";
import type { ParseCost } from "./parse-cost.ts";
import type { WriteUnits } from "./write-units.ts";

export type IngestFigures = {
  readonly machine: string;
  readonly parse: ParseCost;
  readonly throughput: readonly Throughput[];
  readonly writeUnits: readonly WriteUnits[];
};

/** The figures as a page. */
export function ingestText({ machine, parse, throughput, writeUnits }: IngestFigures): string {
  return `# What it costs to take usage in

Measured by \`npm run bench -- ingest\` on ${machine}.
CPU is the time of the process, garbage collection included. Medians; in brackets the first and the last decile of the rounds.

## Parsing

A batch of ${parse.events} model calls as Claude Code sends them (${parse.jsonBytes} bytes of JSON, ${parse.protobufBytes} of Protocol Buffers), from
bytes to accepted usage, by the calls that the route makes. The yardstick runs in turn with it, on the same bytes.

| encoding | CPU per event, µs | yardstick | its CPU per event, µs | ratio | goal |
|---|---|---|---|---|---|
| OTLP JSON | ${spread(parse.json, 1)} | \`JSON.parse\` | ${spread(parse.jsonParse, 1)} | ${spread(parse.jsonRatio, 2)} | ≤ 4 |
| OTLP Protocol Buffers | ${spread(parse.protobuf, 1)} | our decoder, nothing else | ${spread(parse.bareDecode, 1)} | ${spread(parse.protobufRatio, 2)} | ≤ 3 |

## The whole function

Events per second of one core, from the API Gateway event to the answer, with a ledger in memory: no network, no store.

| events per request | OTLP JSON | OTLP Protocol Buffers |
|---|---|---|
${throughput.map((row) => `| ${row.events} | ${spread(row.json, 0)} | ${spread(row.protobuf, 0)} |`).join("\n")}

## Write request units

What DynamoDB meters (\`ReturnConsumedCapacity\`) while the local runtime takes OTLP JSON over HTTP.

| events per request | of | ledger, per event | roll-ups, per event |
|---|---|---|---|
${writeUnits.map((row) => `| ${row.eventsPerRequest} | ${row.batch} | ${row.ledger.toFixed(3)} | ${row.rollUps.toFixed(3)} |`).join("\n")}

Goals for the ledger: at most 1.05 for events that come alone, 0.25 for ten of a session-minute.
`;
}

function spread({ median, low, high }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}
