import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hmacPseudonyms, identityHash } from "../../../functions/adapters/pseudonyms.ts";
import { findFiles } from "../../../infra/import/find-files.ts";
import { type ImportFilesDeps, importFiles } from "../../../infra/import/import-files.ts";
import { generateProjects } from "../../support/generated-projects.ts";
import { inMemoryDirectoryStore } from "../../support/in-memory-directory-store.ts";
import { inMemoryQuarantine } from "../../support/in-memory-quarantine.ts";
import { inMemoryUsageLedger } from "../../support/in-memory-usage-ledger.ts";
import { someSettings } from "../../support/settings.ts";

const folder = mkdtempSync(join(tmpdir(), "projects-"));
beforeAll(() => {
  generateProjects(folder, { bytes: 300_000, seed: 3 });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function deps(overrides: Partial<ImportFilesDeps> = {}): ImportFilesDeps {
  return {
    ledger: inMemoryUsageLedger(),
    quarantine: inMemoryQuarantine(),
    directory: inMemoryDirectoryStore(),
    pseudonymise: async () => hmacPseudonyms("x".repeat(32)),
    settings: someSettings(),
    hash: identityHash,
    nowMs: () => Date.UTC(2026, 10, 26),
    subject: "user-017@example.com",
    onProgress: () => {},
    isStopped: () => false,
    ...overrides,
  };
}

describe("importFiles", () => {
  test("goes on where it was stopped, and counts what any other import does", async () => {
    const { files } = findFiles([folder]);
    const ledger = inMemoryUsageLedger();
    const whole = inMemoryUsageLedger();
    let batches = 0;
    const stopAtSecond = () => batches > 1;
    const counting = {
      ...ledger,
      append: (events: Parameters<typeof ledger.append>[0]) => {
        batches += 1;
        return ledger.append(events);
      },
    };

    const stopped = await importFiles(files, deps({ ledger: counting, isStopped: stopAtSecond }));
    const rest = await importFiles(files, deps({ ledger }));
    await importFiles(files, deps({ ledger: whole }));

    expect(stopped.isStopped).toBe(true);
    expect(stopped.files).toBeLessThan(files.length);
    expect(rest.isStopped).toBe(false);
    expect(new Set(ledger.events().map(({ id }) => id))).toEqual(
      new Set(whole.events().map(({ id }) => id)),
    );
  });

  test("accounts for every record, and says how many bytes it has read", async () => {
    const { files } = findFiles([folder]);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    let read = 0;

    const { counts } = await importFiles(
      files,
      deps({
        onProgress: (bytesRead) => {
          read = bytesRead;
        },
      }),
    );

    const { received, committed, duplicate, quarantined, rejected } = counts;
    expect(received).toBe(committed + duplicate + quarantined + rejected);
    expect(read).toBe(bytes);
  });
});
