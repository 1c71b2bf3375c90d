import { randomStream } from "../../infra/demo/random.ts";
import type { Door, FuzzTarget, Seed } from "./fuzz-target.ts";
import { MARKER } from "./hostile-values.ts";
import { recordedConsole } from "./recorded-console.ts";

/** A body that was not taken as it should be. `body` and the seed make the same one again. */
export type FuzzFailure = {
  readonly target: string;
  readonly body: number;
  readonly faults: readonly string[];
};

export type TargetReport = {
  readonly target: string;
  readonly bodies: number;
  /** How often each answer was given. */
  readonly answers: ReadonlyMap<string, number>;
  /** CPU time from the request to its answer, in order. Other work on the machine does not show in it. */
  readonly cpuMs: readonly number[];
};

export type FuzzReport = {
  readonly targets: readonly TargetReport[];
  readonly failures: readonly FuzzFailure[];
  readonly peakRssBytes: number;
};

export type FuzzRun = {
  readonly targets: readonly FuzzTarget[];
  /** Over all targets, which take turns. */
  readonly bodies: number;
  readonly seed: number;
  /** Only this body, to see it again. */
  readonly only?: number;
};

const MOST_FAILURES = 20;
const LONGEST_QUOTE = 600;

/** Feeds spoilt bodies to every target, and reports what came of it. Equal runs feed equal bodies. */
export async function runFuzz({ targets, bodies, seed, only }: FuzzRun): Promise<FuzzReport> {
  const failures: FuzzFailure[] = [];
  let peakRssBytes = 0;
  const log = recordedConsole();
  const open = targets.map((target) => openTarget(target));
  try {
    for (let body = 0; body < bodies; body += 1) {
      const target = open[body % open.length];
      if (target === undefined || (only !== undefined && only !== body)) {
        continue;
      }
      const faults = await feed(target, { body, seed }, log);
      if (faults.length > 0 && failures.length < MOST_FAILURES) {
        failures.push({ target: target.report.target, body, faults });
      }
      peakRssBytes = Math.max(peakRssBytes, process.memoryUsage.rss());
    }
  } finally {
    log.restore();
  }
  return { targets: open.map(({ report }) => report), failures, peakRssBytes };
}

type OpenTarget = {
  readonly seeds: readonly Seed[];
  readonly door: Door;
  readonly report: {
    readonly target: string;
    bodies: number;
    readonly answers: Map<string, number>;
    readonly cpuMs: number[];
  };
};

function openTarget({ name, seeds, open }: FuzzTarget): OpenTarget {
  return {
    seeds: seeds(),
    door: open(),
    report: { target: name, bodies: 0, answers: new Map(), cpuMs: [] },
  };
}

async function feed(
  { seeds, door, report }: OpenTarget,
  { body, seed }: { readonly body: number; readonly seed: number },
  log: ReturnType<typeof recordedConsole>,
): Promise<readonly string[]> {
  const random = randomStream(seed, `${report.target} ${body}`);
  const bytes = seeds[random.whole(0, seeds.length - 1)]?.spoil(random) ?? Buffer.alloc(0);
  const before = process.cpuUsage();
  const verdict = await door.feed(bytes, random).catch((error: unknown) => ({
    answer: "crash",
    faults: [`crashed: ${error instanceof Error ? error.stack : String(error)}`],
  }));
  const { user, system } = process.cpuUsage(before);
  report.cpuMs.push((user + system) / 1000);
  report.bodies += 1;
  report.answers.set(verdict.answer, (report.answers.get(verdict.answer) ?? 0) + 1);
  const logged = log.take();
  const faults = logged.includes(MARKER)
    ? [...verdict.faults, "the log quotes what was sent"]
    : verdict.faults;
  return faults.length === 0 ? [] : [...faults, `log: ${logged.slice(0, LONGEST_QUOTE)}`];
}
