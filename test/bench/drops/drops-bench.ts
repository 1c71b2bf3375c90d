import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";
import type { BenchResult } from "../bench-result.ts";

/** Most memory of the process, in megabytes: a quarter of the function's. */
const MAX_RSS_MEGABYTES = 512;

const Imported = z.object({
  megabytes: z.number(),
  records: z.int(),
  committed: z.int(),
  seconds: z.number(),
  cpuSeconds: z.number(),
  peakRssMegabytes: z.number(),
});

/** Time and memory of importing large files: of many short lines, and of the longest there may be. */
export async function dropsBench(): Promise<BenchResult> {
  const files = [await importOf(2_000, 1_000), await importOf(1_000, 15_000_000)];
  const rows = files.map(
    (file) =>
      `| ${file.megabytes} | ${file.records} | ${file.seconds} | ${file.cpuSeconds} | ${file.peakRssMegabytes} |`,
  );
  return {
    markdown: `# What it costs to import a large file

Measured by \`npm run bench -- drops\`: a log of Amazon Bedrock is made up as it is read, and imported into a ledger that keeps nothing. Making it
up is part of the figures. Goal: at most ${MAX_RSS_MEGABYTES} MB of memory (peak resident set of the process).

| megabytes | records | seconds | of CPU | peak memory, MB |
|---|---|---|---|---|
${rows.join("\n")}
`,
    figures: files,
    missed: [
      ...(files.some(({ peakRssMegabytes }) => peakRssMegabytes > MAX_RSS_MEGABYTES)
        ? ["memory"]
        : []),
      ...(files.some(({ records, committed }) => records !== committed) ? ["records"] : []),
    ],
  };
}

async function importOf(megabytes: number, bodyBytes: number) {
  const script = join(import.meta.dirname, "import-stream.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [
    script,
    String(megabytes),
    String(bodyBytes),
  ]);
  return Imported.parse(JSON.parse(stdout));
}
