import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CommandError, readArguments, runCommand } from "../../infra/cli/command-line.ts";
import type { Bench } from "./bench-result.ts";
import { detectionBench } from "./detection/detection-bench.ts";
import { dropsBench } from "./drops/drops-bench.ts";
import { hostileBench } from "./hostile/hostile-bench.ts";
import { ingestBench } from "./ingest/ingest-bench.ts";
import { scoringBench } from "./scoring/scoring-bench.ts";
import { transcriptsBench } from "./transcripts/transcripts-bench.ts";

/** What can be measured. A new one is a line here. */
const BENCHES: ReadonlyMap<string, Bench> = new Map([
  ["detection", detectionBench],
  ["drops", dropsBench],
  ["hostile", hostileBench],
  ["ingest", ingestBench],
  ["scoring", scoringBench],
  ["transcripts", transcriptsBench],
]);

const FOLDER = join(import.meta.dirname, "../../bench");

const USAGE = `Usage:
  npm run bench -- NAME
  npm run bench -- detection [--seeds A..B] [--scenario NAME]

  NAME  one of: ${[...BENCHES.keys()].join(", ")}

Writes what it measures to bench/NAME.md and bench/NAME.json, and ends with status 1 if a goal is
missed. A part of the detection benchmark is printed only.`;

const OPTIONS = { seeds: { type: "string" }, scenario: { type: "string" } } as const;

await runCommand(async (args) => {
  const { positionals, values } = readArguments(args, OPTIONS, USAGE);
  const [name = "", ...others] = positionals;
  const bench = BENCHES.get(name);
  const isForOther = name !== "detection" && (values.seeds ?? values.scenario) !== undefined;
  if (bench === undefined || others.length > 0 || isForOther) {
    throw new CommandError(`say which one to run\n\n${USAGE}`);
  }
  const { markdown, figures, missed, isPartial = false } = await bench(values);
  if (!isPartial) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(join(FOLDER, `${name}.md`), markdown);
    writeFileSync(join(FOLDER, `${name}.json`), `${JSON.stringify(figures, undefined, 2)}\n`);
  }
  process.stdout.write(markdown);
  if (missed.length > 0) {
    throw new CommandError(`missed: ${missed.join("; ")}`);
  }
});
