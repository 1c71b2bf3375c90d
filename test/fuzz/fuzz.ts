import { CommandError, readArguments, runCommand } from "../../infra/cli/command-line.ts";
import { FUZZ_TARGETS } from "./fuzz-targets.ts";
import { fuzzText } from "./fuzz-text.ts";
import { runFuzz } from "./run-fuzz.ts";

const USAGE = `Usage:
  npm run fuzz [-- --bodies N] [--seed N] [--parser NAME] [--body N]

  --bodies  how many spoilt bodies are sent; 100000 unless said otherwise
  --seed    makes other bodies; 1 unless said otherwise
  --parser  only parsers whose name starts so
  --body    only this one of a run, to see again what it does

Ends with status 1 if one of them crashes a parser, is answered 5xx, is half written, is refused
without a reason, or is quoted.`;

const OPTIONS = {
  bodies: { type: "string", default: "100000" },
  seed: { type: "string", default: "1" },
  parser: { type: "string", default: "" },
  body: { type: "string" },
} as const;

await runCommand(async (args) => {
  const { values } = readArguments(args, OPTIONS, USAGE);
  const targets = FUZZ_TARGETS.filter(({ name }) => name.startsWith(values.parser));
  if (targets.length === 0) {
    throw new CommandError(`there is no parser ${values.parser}\n\n${USAGE}`);
  }
  const report = await runFuzz({
    targets,
    bodies: wholeNumber("bodies", values.bodies),
    seed: wholeNumber("seed", values.seed),
    ...(values.body === undefined ? {} : { only: wholeNumber("body", values.body) }),
  });
  process.stdout.write(`${fuzzText(report)}\n`);
  if (report.failures.length > 0) {
    throw new CommandError(`seed ${values.seed}: see the failures above`);
  }
});

function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) {
    throw new CommandError(`--${option} must be a whole number, got: ${text}\n\n${USAGE}`);
  }
  return number;
}
