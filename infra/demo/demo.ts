import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { demoJson } from "./demo-json.ts";
import { demoText } from "./demo-text.ts";
import { progressLine } from "./progress.ts";
import { holds } from "./reconciliation.ts";
import { runDemo } from "./run-demo.ts";

const DEFAULT_SEED = "1";

const { values } = parseArgs({
  options: { json: { type: "string" }, seed: { type: "string", default: DEFAULT_SEED } },
});
const seed = Number(values.seed);
if (!Number.isSafeInteger(seed)) {
  throw new RangeError(`--seed must be a whole number, got: ${values.seed}`);
}

const progress = progressLine(process.stdout, () => performance.now());
const result = await runDemo({ seed, progress });
progress.end();
console.info(demoText(result));
if (values.json !== undefined) {
  writeFileSync(values.json, demoJson(result));
}
const broken = result.identities.filter((identity) => !holds(identity));
if (broken.length > 0) {
  console.error(`the books do not balance: ${broken.map(({ name }) => name).join("; ")}`);
  process.exitCode = 1;
}
