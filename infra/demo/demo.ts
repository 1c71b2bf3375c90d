import { existsSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { CommandError, readArguments, runCommand } from "../cli/command-line.ts";
import { demoJson } from "./demo-json.ts";
import type { DemoResult } from "./demo-result.ts";
import { demoText } from "./demo-text.ts";
import { progressLine } from "./progress.ts";
import { holds } from "./reconciliation.ts";
import { runDemo } from "./run-demo.ts";
import { untilEnter } from "./until-enter.ts";

const USAGE = `Usage:
  npm run demo [-- --json FILE] [--seed N] [--stay]

  --json  writes the result to a file, for programs
  --seed  makes up another organisation; 1 unless said otherwise
  --stay  keeps the stack running at the end until you press Enter, for the links in the alerts`;

const STAYS = `
The stack runs until you press Enter. Open the link below HOW TO ANSWER of an alert above: what you
answer there is in the alert register, and the link shows it.
`;

const OPTIONS = {
  json: { type: "string" },
  seed: { type: "string", default: "1" },
  stay: { type: "boolean", default: false },
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
  const show = async (found: DemoResult) => {
    progress.end();
    process.stdout.write(`${demoText(found)}\n`);
    if (values.stay) {
      process.stdout.write(STAYS);
      await untilEnter(process.stdin);
    }
  };
  const result = await runDemo(seed, progress, show).finally(progress.end);
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
