import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exampleFolder } from "../../../infra/backtest/example-organisation.ts";
import { backtestCommand } from "../../../infra/cli/backtest-command.ts";
import { CommandError } from "../../../infra/cli/command-line.ts";
import { parseConfiguration } from "../../../infra/config/configuration.ts";
import type { Directory } from "../../../shared/directory/directory.ts";
import { inMemoryAlertOutbox } from "../../support/in-memory-alert-outbox.ts";
import { inMemoryOutcomeLedger } from "../../support/in-memory-outcome-ledger.ts";
import { inMemoryRollUps } from "../../support/in-memory-roll-ups.ts";
import { inMemoryUsageLedger } from "../../support/in-memory-usage-ledger.ts";
import { recordedTerminal } from "../../support/recorded-terminal.ts";

const NOBODY: Directory = { assignments: [], aliases: new Map() };
const OWNERS = ["checkout-owner", "search-owner", "platform-owner"];
/** Sessions of four calls are cheap: the floors are lower than by default. */
const CONFIGURATION = parseConfiguration(
  {
    owners: OWNERS.map((id) => ({ id, email: `${id}@example.com` })),
    teams: [
      { id: "team-checkout", owner: "checkout-owner", costCenter: "CC-1001" },
      { id: "team-search", owner: "search-owner", costCenter: "CC-1002" },
    ],
    fallbackOwner: "platform-owner",
    operationsEmails: ["operations@example.com"],
    scoring: { minSpendUsd: 2 },
  },
  "test",
);

let root = "";
const inRoot = (...parts: readonly string[]) => join(root, ...parts);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "backtest-"));
  await writeFolder("");
  await run(root, "--out", inRoot("once"), ...SPAN);
});
afterAll(() => rm(root, { recursive: true }));

const { usage, outcomes, directory } = exampleFolder({ people: 20, weeks: 12, callsPerSession: 4 });
const linesOf = (items: readonly object[]) => items.map((item) => JSON.stringify(item));

/** The days of waste and after. */
const SPAN = ["--from", "2026-10-19", "--to", "2026-10-27"];

/** The example's files, with more lines of usage behind its own. */
async function writeFolder(more: string, usageLines = linesOf(usage)) {
  await writeFile(inRoot("usage.ndjson"), `${usageLines.join("\n")}\n${more}`);
  await writeFile(inRoot("outcomes.ndjson"), `${linesOf(outcomes).join("\n")}\n`);
  await writeFile(inRoot("directory.csv"), directory);
}

async function run(...args: readonly string[]) {
  const terminal = recordedTerminal();
  await backtestCommand(args, {
    ...terminal,
    configuration: () => Promise.resolve(CONFIGURATION),
    connect: () => ({
      ledger: inMemoryUsageLedger(),
      rollUps: inMemoryRollUps(),
      outcomes: inMemoryOutcomeLedger(),
      directory: { read: () => Promise.resolve(NOBODY) },
      register: inMemoryAlertOutbox().register,
    }),
    progress: { say: () => undefined, end: () => undefined },
    nowMs: () => Date.UTC(2026, 10, 26),
  });
  return terminal;
}

async function resultOf(folder: string, file: string): Promise<string> {
  return await readFile(inRoot(folder, file), "utf8");
}

function parsed(text: string): readonly Record<string, unknown>[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Record<string, unknown> => JSON.parse(line));
}

describe("backtest", () => {
  test("finds who burnt money in the example, and says so with evidence and in words", async () => {
    const weeks = parsed(await resultOf("once", "alerts.ndjson")).filter(
      ({ type }) => type === "TOKENMAXXING",
    );
    expect(weeks).toContainEqual(
      expect.objectContaining({
        user: "user-008@example.com",
        owner: "search-owner",
        unit: "user-window",
        from: expect.stringMatching(/^2026-10-1/),
        costUsd: expect.stringMatching(/^\d+\.\d{9}$/),
        evidence: expect.objectContaining({ expected: expect.anything() }),
        explanation: expect.stringContaining("What would clear it".toUpperCase()),
      }),
    );
  });

  test("ends byte for byte the same in another order of lines, with lines repeated", async () => {
    const lines = linesOf(usage);

    await writeFolder("", [...lines.toReversed(), ...lines.slice(0, 500)]);
    await run(root, "--out", inRoot("again"), ...SPAN);

    for (const file of ["alerts.ndjson", "scores.ndjson"]) {
      expect(await resultOf("again", file)).toBe(await resultOf("once", file));
    }
    expect(JSON.parse(await resultOf("again", "summary.json"))).toMatchObject({
      lines: {
        "usage.ndjson": {
          received: lines.length + 500,
          used: lines.length,
          duplicate: 500,
          rejected: 0,
        },
      },
    });
  });

  test("says which lines it rejected, and why, and goes on without them", async () => {
    await writeFolder('{"id":"x"}\n');

    const { remarks } = await run(
      root,
      "--out",
      inRoot("bad"),
      "--from",
      "2026-08-10",
      "--to",
      "2026-08-14",
    );

    const line = usage.length + 1;
    expect(remarks[0]).toContain(`1 lines were rejected, the first usage.ndjson:${line}: time `);
    expect(parsed(await resultOf("bad", "rejected.ndjson"))).toMatchObject([
      { file: "usage.ndjson", line, path: "time" },
    ]);
    expect(JSON.parse(await resultOf("bad", "summary.json"))).toMatchObject({
      rejectedLines: [{ count: 1, lines: [line] }],
      span: { from: "2026-08-10", to: "2026-08-14", nights: 4, learningNights: 4 },
    });
  });

  test("reads owners' answers, if there are any, and says what became of their lines", async () => {
    await writeFolder("");
    const answer = { alert: "week-user-008@example.com-2026-10-24", answer: "waste" };
    const lines = linesOf([answer, answer, { ...answer, answer: "useless" }]);
    await writeFile(inRoot("answers.ndjson"), lines.join("\n"));

    await run(root, "--out", inRoot("answered"), "--from", "2026-08-10", "--to", "2026-08-11");

    await rm(inRoot("answers.ndjson"));
    expect(JSON.parse(await resultOf("answered", "summary.json"))).toMatchObject({
      lines: { "answers.ndjson": { received: 3, used: 1, duplicate: 1, rejected: 1 } },
      answersWithoutAlert: 1,
      rejectedLines: [{ file: "answers.ndjson", path: "answer", lines: [3] }],
    });
  });

  test("compares with other settings: floors that nothing reaches silence the weeks", async () => {
    await writeFolder("");
    await writeFile(inRoot("strict.json"), '{"scoring":{"minExcessUsd":100000}}');

    const { printed } = await run(
      root,
      "--out",
      inRoot("both"),
      ...SPAN,
      "--what-if",
      inRoot("strict.json"),
    );

    const configured = parsed(await resultOf("both", "alerts.ndjson"));
    const whatIf = parsed(await resultOf("both/what-if", "alerts.ndjson"));
    const weeks = configured.filter(({ type }) => type === "TOKENMAXXING");
    expect(weeks.length).toBeGreaterThan(0);
    expect(whatIf.map(({ type }) => type)).not.toContain("TOKENMAXXING");
    expect(JSON.parse(await resultOf("both", "what-if.json"))).toMatchObject({
      configured: { alerts: configured.length },
      whatIf: { alerts: whatIf.length },
      both: { alerts: whatIf.length },
      onlyConfigured: { alerts: weeks.length },
      onlyWhatIf: { alerts: 0, list: [] },
    });
    expect(printed[0]).toMatch(/^TYPE +CONFIGURED +USD +WHAT IF +USD$/);
  });

  test.each([
    ["no folder", []],
    ["no --out", ["FOLDER"]],
    ["an unknown option", ["FOLDER", "--loud"]],
    ["a folder and --ledger", ["FOLDER", "--ledger", "--out", "x"]],
    ["--deployed without --ledger", ["FOLDER", "--deployed", "--out", "x"]],
    ["--ledger without a span", ["--ledger", "--out", "x"]],
  ])("%s is a usage error, with exit status 2", async (_, args) => {
    await expect(run(...args)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining("Usage:"),
    });
  });

  test("what is wrong in a file is named with file and line, with exit status 2", async () => {
    await writeFolder("");
    await writeFile(inRoot("directory.csv"), directory.replace("team-search", "team-nobody"));
    await expect(run(root, "--out", inRoot("x"))).rejects.toThrow(
      new CommandError(
        `${inRoot("directory.csv")}:3: team: the configuration has no team team-nobody; there are: team-checkout, team-search`,
        2,
      ),
    );
    await rm(inRoot("outcomes.ndjson"));
    await expect(run(root, "--out", inRoot("x"))).rejects.toMatchObject({
      exitCode: 2,
      message: `${inRoot("outcomes.ndjson")} cannot be read: is it there? An empty one will do`,
    });
    await rm(inRoot("usage.ndjson"));
    await expect(run(root, "--out", inRoot("x"))).rejects.toMatchObject({
      message: `${inRoot("usage.ndjson")} cannot be read: is it there?`,
    });
  });

  test("--example writes a folder that a backtest can run on", async () => {
    const { printed } = await run("--example", inRoot("example"));

    expect(printed.at(-1)).toBe(
      `Now: npm run backtest -- ${inRoot("example")} --out ${inRoot("example")}/result`,
    );
    const first = parsed(
      (await resultOf("example", "usage.ndjson")).slice(0, 2_000).split("\n")[0] ?? "",
    );
    expect(first).toMatchObject([{ tool: "claude-code" }]);
  });
});
