import { processTerminal, runCommand } from "../../infra/cli/command-line.ts";
import { runConcurrentSenders } from "./run-concurrent-senders.ts";
import { runSoak } from "./run-soak.ts";
import { type SoakArguments, soakArguments } from "./soak-arguments.ts";
import { faultsIn } from "./soak-result.ts";
import { soakText } from "./soak-text.ts";

const { print, remark } = processTerminal;
const SHOWN_FAULTS = 20;

/**
 * `npm run soak`: the exactness of ingestion and roll-up under faults, kills, repeats and disorder
 * (docs/exactness.md). Ends with status 1 if anything differs.
 */
async function soak(args: readonly string[]): Promise<void> {
  const options = soakArguments(args, Math.random);
  remark(`seed ${options.seed}`);
  // The children end with us: each waits for the end of a pipe or channel to this process.
  const giveUp = (why: string) => {
    remark(why);
    process.exit(1);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => giveUp("stopped"));
  }
  setTimeout(
    () => giveUp(`gave up after ${options.minutes} minutes`),
    options.minutes * 60_000,
  ).unref();
  const startedAt = performance.now();
  const { text, faults } =
    options.scenario === "faults"
      ? await faultsScenario(options)
      : await runConcurrentSenders(options.events);
  print(text);
  print(`all in all        ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  print(faults.length === 0 ? "EXACT" : `NOT EXACT, seed ${options.seed}`);
  for (const fault of faults.slice(0, SHOWN_FAULTS)) {
    print(`  ${fault}`);
  }
  process.exitCode = faults.length === 0 ? 0 : 1;
}

async function faultsScenario(options: SoakArguments) {
  const result = await runSoak(options, remark);
  return { text: soakText(result), faults: faultsIn(result) };
}

await runCommand(soak);
