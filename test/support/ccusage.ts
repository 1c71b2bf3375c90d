import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";

const BINARY = join(
  import.meta.dirname,
  "../../node_modules/@ccusage/ccusage-linux-x64/bin/ccusage",
);

/** It comes for Linux on x64 only, as does the rest of the local stack. */
export const HAS_CCUSAGE = existsSync(BINARY);

const Daily = z.object({
  daily: z.array(
    z.object({
      date: z.iso.date(),
      modelBreakdowns: z.array(
        z.object({
          modelName: z.string(),
          inputTokens: z.int(),
          outputTokens: z.int(),
          cacheReadTokens: z.int(),
          cacheCreationTokens: z.int(),
        }),
      ),
    }),
  ),
});

/** Tokens of a day and model: uncached input, cache reads, cache writes, output. */
export type TokensByDayAndModel = Readonly<Record<string, readonly number[]>>;

/** What ccusage's `claude daily` says of a folder with `projects` in it, by UTC day and model. */
export function ccusageTokens(folder: string): {
  readonly tokens: TokensByDayAndModel;
  readonly elapsedMs: number;
} {
  const home = mkdtempSync(join(tmpdir(), "ccusage-"));
  // npm lets only the commands that a package lists be run; this package lists none.
  chmodSync(BINARY, 0o755);
  try {
    const startMs = performance.now();
    const out = execFileSync(
      BINARY,
      ["claude", "daily", "--json", "--offline", "--timezone", "UTC"],
      { env: { CLAUDE_CONFIG_DIR: folder, HOME: home }, encoding: "utf8", maxBuffer: 1 << 28 },
    );
    const elapsedMs = performance.now() - startMs;
    const rows = Daily.parse(JSON.parse(out)).daily.flatMap(({ date, modelBreakdowns }) =>
      modelBreakdowns.map(
        (row) =>
          [
            // It names fast mode as another model.
            `${date} ${row.modelName.replace(/-fast$/, "")}`,
            [row.inputTokens, row.cacheReadTokens, row.cacheCreationTokens, row.outputTokens],
          ] as const,
      ),
    );
    return { tokens: summed(rows), elapsedMs };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Rows of one key as one, in the order of keys. */
export function summed(
  rows: readonly (readonly [key: string, tokens: readonly number[]])[],
): TokensByDayAndModel {
  const byKey = new Map<string, readonly number[]>();
  for (const [key, tokens] of rows) {
    const known = byKey.get(key);
    byKey.set(key, known ? known.map((count, at) => count + (tokens[at] ?? 0)) : tokens);
  }
  return Object.fromEntries([...byKey].sort(([a], [b]) => (a < b ? -1 : 1)));
}
