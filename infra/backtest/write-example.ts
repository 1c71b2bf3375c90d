import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exampleFolder } from "./example-organisation.ts";

/** Writes a folder to try a backtest with. The same folder each time, byte for byte. */
export async function writeExample(
  folder: string,
): Promise<{ readonly calls: number; readonly outcomes: number; readonly people: number }> {
  const { usage, outcomes, directory, people } = exampleFolder();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "usage.ndjson"), linesOf(usage));
  await writeFile(join(folder, "outcomes.ndjson"), linesOf(outcomes));
  await writeFile(join(folder, "directory.csv"), directory);
  return { calls: usage.length, outcomes: outcomes.length, people };
}

function linesOf(items: readonly object[]): string {
  return items.map((item) => `${JSON.stringify(item)}\n`).join("");
}
