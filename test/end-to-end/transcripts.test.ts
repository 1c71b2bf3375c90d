import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { settingsOf } from "../../infra/config/function-settings.ts";
import { loadConfiguration } from "../../infra/config/load-configuration.ts";
import { importIntoHost } from "../../infra/import/import-into-host.ts";
import { importText } from "../../infra/import/import-text.ts";
import type { UserDay } from "../../shared/ledger/roll-ups.ts";
import { ccusageTokens, HAS_CCUSAGE, summed } from "../support/ccusage.ts";
import { generateProjects } from "../support/generated-projects.ts";
import { fixture, type RunningStack, runStack } from "../support/running-stack.ts";

/** Who the telemetry of the fixtures names. */
const USER = "jdoe@example.com";
const TRANSCRIPT =
  "claude-transcripts/projects/-home-dev-acme-web/9d0bbe99-d739-49a1-8651-3907cc2ba04b.jsonl";
const TELEMETRY = ["session.logs-1", "session.logs-2", "resume.logs-1"];
/** Of EXPECTED.json, session and resume: 3 calls for 50877 micro-USD. */
const EXPECTED = { calls: 3, costNanoUsd: 50_877_000n };

let stack: RunningStack;

async function push(): Promise<void> {
  for (const name of TELEMETRY) {
    await stack.post("/v1/logs", fixture(`claude-code-otel/${name}.json`));
  }
  await stack.host.idle();
}

async function drop(): Promise<void> {
  const s3 = new S3Client({ ...stack.host.operator, forcePathStyle: true });
  await s3.send(
    new PutObjectCommand({
      Bucket: stack.output("DropBucketName"),
      Key: TRANSCRIPT.replace("claude-transcripts", `claude-code/${USER}`),
      Body: fixture(TRANSCRIPT),
    }),
  );
  await stack.host.idle();
}

describe.each([
  ["telemetry first", [push, drop]],
  ["transcripts first", [drop, push]],
] as const)("a session that is both pushed and dropped, %s", (_, steps) => {
  beforeAll(async () => {
    stack = await runStack();
  });
  afterAll(() => stack.host.close());

  test("is in the ledger and in the roll-ups once, and puts nothing aside", async () => {
    for (const step of [...steps, ...steps]) {
      await step();
    }

    expect(await stack.ledger()).toMatchObject(EXPECTED);
    expect(await stack.rolledUpNanoUsd()).toBe(EXPECTED.costNanoUsd);
    expect(stack.host.metrics.get("Quarantined") ?? 0).toBe(0);
  });
});

describe("importIntoHost", () => {
  const folder = mkdtempSync(join(tmpdir(), "projects-"));
  beforeAll(async () => {
    stack = await runStack();
  });
  afterAll(async () => {
    await stack.host.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function importFolder() {
    return await importIntoHost(
      stack.host,
      { paths: [folder], user: "You@example.com" },
      {
        settings: settingsOf(await loadConfiguration(undefined)),
        progress: { say: () => {}, end: () => {} },
        isStopped: () => false,
        output: stack.output,
        reportsDir: "reports-here",
      },
    );
  }

  test.skipIf(!HAS_CCUSAGE)(
    "counts a folder with replays and partial counts as ccusage does, to the token, by day and model",
    async () => {
      const made = generateProjects(folder, { bytes: 1_000_000, seed: 11 });

      const first = await importFolder();
      const again = await importFolder();

      const calls = first.userDays.reduce((sum, day) => sum + day.calls, 0);
      expect(calls).toBe(made.responses);
      expect(tokensOf(first.userDays)).toEqual(ccusageTokens(folder).tokens);
      expect(again.imported.counts.committed, "again adds nothing").toBe(0);
      expect(again.userDays).toEqual(first.userDays);
      expect(importText(again)).toContain("Nothing new: all of it was imported before.");
      expect(importText(first)).toContain("reports-here/reports/2026-");
    },
  );
});

function tokensOf(userDays: readonly UserDay[]) {
  return summed(
    userDays.flatMap(({ day, lines }) =>
      lines.map(({ model, tokens: of }) => {
        const written = of.cacheWrite5m + of.cacheWrite1h;
        return [`${day} ${model}`, [of.uncachedInput, of.cacheRead, written, of.output]] as const;
      }),
    ),
  );
}
