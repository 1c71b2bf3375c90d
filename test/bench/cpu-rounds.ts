import { orderStatistic } from "../support/order-statistic.ts";

/** CPU microseconds of one run of each task, round by round. */
export type CpuRounds<Name extends string> = Readonly<Record<Name, readonly number[]>>;

/** A median and how far the rounds lie apart. */
export type Spread = { readonly median: number; readonly low: number; readonly high: number };

/**
 * Measures tasks in turn, round after round, so that whatever slows the machine down meets all of
 * them. CPU time of the process, which other processes hardly change; garbage collection is in it.
 */
export async function cpuRounds<Name extends string>(
  tasks: Readonly<Record<Name, () => unknown>>,
  { rounds, runs }: { readonly rounds: number; readonly runs: number },
): Promise<CpuRounds<Name>> {
  const names = Object.keys(tasks) as Name[];
  const measured = Object.fromEntries(
    names.map((name): [string, number[]] => [name, []]),
  ) as Record<Name, number[]>;
  // The first round compiles what the others run.
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const spent = await cpuMicros(tasks[name], runs);
      if (round > 0) {
        measured[name].push(spent / runs);
      }
    }
  }
  return measured;
}

async function cpuMicros(task: () => unknown, runs: number): Promise<number> {
  const before = process.cpuUsage();
  for (let run = 0; run < runs; run += 1) {
    await task();
  }
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** The median of the rounds, and their first and last decile. */
export function spreadOf(values: readonly number[]): Spread {
  return {
    median: orderStatistic(values, 0.5),
    low: orderStatistic(values, 0.1),
    high: orderStatistic(values, 0.9),
  };
}

/** One round of a task by the same round of another. */
export function ratioOf(values: readonly number[], by: readonly number[]): Spread {
  return spreadOf(values.map((value, round) => value / (by[round] ?? Number.NaN)));
}
