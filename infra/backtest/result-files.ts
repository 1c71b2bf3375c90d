import { type FileHandle, mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A file of JSON lines that grows while a backtest runs. */
export type LineFile = {
  readonly append: (lines: readonly string[]) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** People's spend is for the operator's eyes only. */
const OWNER_ONLY = 0o600;

/** @throws {Error} of the file system, such as a folder that may not be written. */
export async function lineFile(folder: string, name: string): Promise<LineFile> {
  await mkdir(folder, { recursive: true });
  const file: FileHandle = await open(join(folder, name), "w", OWNER_ONLY);
  return {
    append: (lines) => file.appendFile(lines.map((line) => `${line}\n`).join("")),
    close: () => file.close(),
  };
}

export async function writeResult(folder: string, name: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), text, { mode: OWNER_ONLY });
}
