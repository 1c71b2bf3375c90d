import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hmacPseudonyms, identityHash } from "../../../functions/adapters/pseudonyms.ts";
import { type FoundFile, findFiles } from "../../../infra/import/find-files.ts";
import { importFiles } from "../../../infra/import/import-files.ts";
import { dayOf } from "../../../shared/ledger/calendar.ts";
import { countedEntries } from "../../../shared/ledger/counted-entries.ts";
import { REQUESTS_FIRST } from "../../../shared/ledger/grain-authority.ts";
import type { UsageEvent } from "../../../shared/usage/usage-event.ts";
import { ccusageTokens, HAS_CCUSAGE, summed } from "../../support/ccusage.ts";
import { generateProjects } from "../../support/generated-projects.ts";
import { inMemoryDirectoryStore } from "../../support/in-memory-directory-store.ts";
import { inMemoryQuarantine } from "../../support/in-memory-quarantine.ts";
import { inMemoryUsageLedger } from "../../support/in-memory-usage-ledger.ts";
import { someSettings } from "../../support/settings.ts";
import type { BenchResult } from "../bench-result.ts";

const BYTES = 50_000_000;
const SEED = 7;
const RUNS = 3;

/**
 * Reads a generated projects folder of 50 MB as `npm start -- --import` does, into a ledger in memory, and lets
 * ccusage read the same folder in the same run: the tokens of each day and model have to be equal.
 */
export async function transcriptsBench(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), "projects-"));
  try {
    const made = generateProjects(folder, { bytes: BYTES, seed: SEED });
    const { files } = findFiles([folder]);
    // As ccusage finds them: in the page cache.
    for (const { file } of files) {
      readFileSync(file);
    }
    const runs = [];
    for (let run = 0; run < RUNS; run += 1) {
      runs.push(await readOnce(files));
    }
    const [ours] = runs;
    const theirs = HAS_CCUSAGE ? ccusageRuns(folder) : undefined;
    const tokens = tokensOf(ours?.events ?? []);
    const isEqual = theirs && JSON.stringify(tokens) === JSON.stringify(theirs.tokens);
    const figures = {
      ...made,
      counts: ours?.counts,
      calls: ours?.events.length,
      daysAndModels: Object.keys(tokens).length,
      ourMs: median(runs.map(({ elapsedMs }) => elapsedMs)),
      ourCpuMs: median(runs.map(({ cpuMs }) => cpuMs)),
      ccusageMs: theirs?.elapsedMs,
      isEqual,
    };
    return {
      markdown: markdownOf(figures),
      figures,
      missed: [
        ...(isEqual === false ? ["tokens differ from ccusage's"] : []),
        ...(figures.calls === made.responses ? [] : ["calls differ from what was generated"]),
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function readOnce(files: readonly FoundFile[]) {
  const ledger = inMemoryUsageLedger();
  const startMs = performance.now();
  const cpu = process.cpuUsage();
  const { counts } = await importFiles(files, {
    ledger,
    quarantine: inMemoryQuarantine(),
    directory: inMemoryDirectoryStore(),
    pseudonymise: async () => hmacPseudonyms("a key of a benchmark, no secret at all"),
    settings: someSettings(),
    hash: identityHash,
    nowMs: Date.now,
    subject: "user-017@example.com",
    onProgress: () => {},
    isStopped: () => false,
  });
  const elapsedMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpu);
  const byDay = Map.groupBy(ledger.events(), ({ timeMs }) => dayOf(timeMs));
  const events = [...byDay].flatMap(([day, entries]) =>
    countedEntries(day, entries, REQUESTS_FIRST).counted.filter(({ grain }) => grain === "request"),
  );
  return { counts, events, elapsedMs, cpuMs: (user + system) / 1_000 };
}

function ccusageRuns(folder: string) {
  const runs = Array.from({ length: RUNS }, () => ccusageTokens(folder));
  return {
    tokens: runs[0]?.tokens ?? {},
    elapsedMs: median(runs.map(({ elapsedMs }) => elapsedMs)),
  };
}

function tokensOf(events: readonly UsageEvent[]) {
  return summed(
    events.map(({ timeMs, model, tokens: of }) => {
      const written = of.cacheWrite5m + of.cacheWrite1h;
      const counts = [of.uncachedInput, of.cacheRead, written, of.output];
      return [`${dayOf(timeMs)} ${model}`, counts] as const;
    }),
  );
}

function median(values: readonly number[]): number {
  return Math.round(values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0);
}

type Figures = {
  readonly bytes: number;
  readonly files: number;
  readonly calls: number | undefined;
  readonly daysAndModels: number;
  readonly ourMs: number;
  readonly ourCpuMs: number;
  readonly ccusageMs: number | undefined;
  readonly isEqual: boolean | undefined;
};

function markdownOf(figures: Figures): string {
  const { bytes, files, calls, daysAndModels, ourMs, ourCpuMs, ccusageMs, isEqual } = figures;
  const equal =
    isEqual === undefined
      ? "ccusage is not installed on this machine: not compared"
      : `tokens of ${daysAndModels} days and models: ${isEqual ? "all equal" : "DIFFERENT"}`;
  return `# Transcripts

A generated projects folder (seed ${SEED}): ${(bytes / 1e6).toFixed(1)} MB in ${files} files, ${calls} calls. Medians of ${RUNS} runs.

| | whole time | CPU |
|---|---|---|
| this code: read, count, keep in memory | ${ourMs} ms | ${ourCpuMs} ms |
| ccusage 20.0.24, \`claude daily\`, whole process | ${ccusageMs ?? "-"} ms | |

${equal}
`;
}
