import { existsSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { CommandError, readArguments, runCommand } from "../cli/command-line.ts";
import { demoJson } from "./demo-json.ts";
import { demoText } from "./demo-text.ts";
import { progressLine } from "./progress.ts";
import { holds } from "./reconciliation.ts";
import { runDemo } from "./run-demo.ts";

const USAGE = `Usage:
  npm run demo [-- --json FILE] [--seed N]

  --json  writes the result to a file, for programs
  --seed  makes up another organisation; 1 unless said otherwise`;

const OPTIONS = {
  json: { type: "string" },
  seed: { type: "string", default: "1" },
} as const;

await runCommand(async (args) => {
  const { positionals, values } = readArguments(args, OPTIONS, USAGE);
  if (positionals.length > 0) {
    throw new CommandError(
      `there is nothing to say but options, got: ${positionals[0]}\n\n${USAGE}`,
    );
  }
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed)) {
    throw new CommandError(`--seed must be a whole number, got: ${values.seed}\n\n${USAGE}`);
  }
  if (values.json !== undefined && !existsSync(dirname(values.json))) {
    throw new CommandError(`--json: there is no folder ${dirname(values.json)}`);
  }
  const progress = progressLine(process.stdout, () => performance.now());
  const result = await runDemo(seed, progress).finally(progress.end);
  process.stdout.write(`${demoText(result)}\n`);
  if (values.json !== undefined) {
    writeFileSync(values.json, demoJson(result));
  }
  const broken = result.identities.filter((identity) => !holds(identity));
  if (broken.length > 0) {
    throw new CommandError(
      `the books do not balance: ${broken.map(({ name }) => name).join("; ")}`,
    );
  }
});
