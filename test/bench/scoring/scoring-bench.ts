import { execFile } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";
import type { BenchResult } from "../bench-result.ts";
import { ratioOf, type Spread, spreadOf } from "../cpu-rounds.ts";
import { SESSIONS_PER_PERSON, WEEKS } from "./night-input.ts";

const PEOPLE = 20_000;
const ROUNDS = 3;
/** What the heap is held to: with more, the collector would rather take memory than time. */
const HEAP_MEGABYTES_PER_PERSON = 0.0325;
/** Half of the space for new objects. */
const NEW_SPACE_MEGABYTES = 24;
/** Lets the C library give memory back that columns no longer take; it would keep more and more of it. */
const GIVE_BACK = { MALLOC_TRIM_THRESHOLD_: "131072" };
const MAX_CPU_SECONDS = 30;
const MAX_RSS_MEGABYTES = 1_000;
/** Of the time, for twice the data. */
const MAX_GROWTH = 2.2;

const Night = z.object({
  people: z.int(),
  sessions: z.int(),
  peopleScored: z.int().positive(),
  sessionsScored: z.int().positive(),
  alerts: z.int().positive(),
  cpuSeconds: z.number(),
  seconds: z.number(),
  floorCpuSeconds: z.number(),
  inputMegabytes: z.number(),
  peakRssMegabytes: z.number(),
});
type Night = z.infer<typeof Night>;

/** Time and memory of judging one night of a large organisation, and of one twice as large. */
export async function scoringBench(): Promise<BenchResult> {
  const load = loadavg()[0]?.toFixed(1);
  const core = await oneCore();
  const rounds: { readonly once: Night; readonly twice: Night }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.push({
      once: await nightOf(PEOPLE, core),
      twice: await nightOf(2 * PEOPLE, core),
    });
  }
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model ?? "unknown processor"}, Node.js ${process.versions.node}, load ${load} at the start, ${core.length > 0 ? "bound to one core" : "on all cores"}`;
  const once = figuresOf(rounds.map((round) => round.once));
  const twice = figuresOf(rounds.map((round) => round.twice));
  const growth = ratioOf(
    cpuOf(rounds.map((round) => round.twice)),
    cpuOf(rounds.map((round) => round.once)),
  );
  return {
    markdown: scoringText(machine, [once, twice], growth),
    figures: { machine, once, twice, growth },
    missed: [
      ...(once.cpuSeconds.median > MAX_CPU_SECONDS ? ["time"] : []),
      ...(once.peakRssMegabytes > MAX_RSS_MEGABYTES ? ["memory"] : []),
      ...(growth.median > MAX_GROWTH ? ["growth"] : []),
    ],
  };
}

async function nightOf(people: number, onOneCore: readonly string[]): Promise<Night> {
  const script = join(import.meta.dirname, "score-night.ts");
  const heap = [
    `--max-old-space-size=${Math.round(people * HEAP_MEGABYTES_PER_PERSON)}`,
    `--max-semi-space-size=${NEW_SPACE_MEGABYTES}`,
  ];
  const [command, ...args] = [...onOneCore, process.execPath, ...heap, script, String(people)];
  const { stdout } = await run(command ?? process.execPath, args, {
    env: { ...process.env, ...GIVE_BACK },
  });
  return Night.parse(JSON.parse(stdout));
}

const run = promisify(execFile);
const TASKSET = ["taskset", "-c", "0"];

/** What binds a command to one core; nothing where the system has no such thing. */
async function oneCore(): Promise<readonly string[]> {
  return run("taskset", ["-V"]).then(
    () => TASKSET,
    () => [],
  );
}

type Figures = Pick<
  Night,
  "people" | "sessions" | "alerts" | "inputMegabytes" | "peakRssMegabytes"
> & {
  readonly cpuSeconds: Spread;
  readonly floorCpuSeconds: Spread;
  /** The night by the floor. */
  readonly ratio: Spread;
};

function cpuOf(nights: readonly Night[]): readonly number[] {
  return nights.map(({ cpuSeconds }) => cpuSeconds);
}

function figuresOf(nights: readonly Night[]): Figures {
  const [first] = nights;
  const floors = nights.map(({ floorCpuSeconds }) => floorCpuSeconds);
  return {
    people: first?.people ?? 0,
    sessions: first?.sessions ?? 0,
    alerts: first?.alerts ?? 0,
    inputMegabytes: Math.max(...nights.map(({ inputMegabytes }) => inputMegabytes)),
    peakRssMegabytes: Math.max(...nights.map(({ peakRssMegabytes }) => peakRssMegabytes)),
    cpuSeconds: spreadOf(cpuOf(nights)),
    floorCpuSeconds: spreadOf(floors),
    ratio: ratioOf(cpuOf(nights), floors),
  };
}

function scoringText(machine: string, sizes: readonly Figures[], growth: Spread): string {
  const whole = (count: number) => count.toLocaleString("en-US");
  const spread = ({ median, low, high }: Spread, digits: number) =>
    `${median.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
  const row = (size: Figures) =>
    `| ${whole(size.sessions)} | ${whole(size.people)} | ${spread(size.cpuSeconds, 1)} | ${spread(size.floorCpuSeconds, 2)} | ${spread(size.ratio, 0)} | ${whole(size.inputMegabytes)} | ${whole(size.peakRssMegabytes)} | ${size.alerts} |`;
  return `# What it costs to score a night

Measured by \`npm run bench -- scoring\` on ${machine}.
One night of a made-up organisation of ${WEEKS} weeks, ${SESSIONS_PER_PERSON} sessions a person: all that the nightly run makes of roll-ups and outcomes once
they are read, from attribution to alerts and limits. Each in a process of its own that starts cold, ${ROUNDS} rounds. CPU is that of all
threads, garbage collection and compilation included. The heap is held to ${1000 * HEAP_MEGABYTES_PER_PERSON} MiB for a thousand people, half of its new space to ${NEW_SPACE_MEGABYTES} MiB, and freed memory is given back (\`MALLOC_TRIM_THRESHOLD_\`). Medians, in brackets the first and the last decile. The floor is a plain rolling
z-score of the same days: no delivery, no peers, no calibration. Memory is the resident set of the process: with the input, and at its peak.

| sessions | people | CPU, seconds | floor | ratio | input, MB | peak, MB | alerts |
|---|---|---|---|---|---|---|---|
${sizes.map(row).join("\n")}

Twice the data takes ${spread(growth, 2)} times as long.

Goals for ${whole(PEOPLE * SESSIONS_PER_PERSON)} sessions: at most ${MAX_CPU_SECONDS} s and ${whole(MAX_RSS_MEGABYTES)} MB; for twice as many, at most ${MAX_GROWTH} times as long.
`;
}
