import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join, relative } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { dynamoDbSenderKeys } from "../../functions/adapters/dynamodb-sender-keys.ts";
import { parseSenderKey } from "../../shared/directory/sender-key.ts";
import type { SenderKeys } from "../../shared/ports/sender-keys.ts";
import { buildFunctions } from "../build.ts";
import { CommandError, processTerminal, runCommand } from "../cli/command-line.ts";
import { issueSenderKey } from "../cli/issue-sender-key.ts";
import type { Configuration } from "../config/configuration.ts";
import { settingsOf } from "../config/function-settings.ts";
import { loadConfiguration } from "../config/load-configuration.ts";
import { progressLine } from "../demo/progress.ts";
import { importIntoHost } from "../import/import-into-host.ts";
import { importText } from "../import/import-text.ts";
import { synthesise } from "../synthesise.ts";
import { activityText } from "./activity-text.ts";
import { type Host, startHost } from "./host.ts";
import { type StartArguments, startArguments } from "./start-arguments.ts";
import { startText } from "./start-text.ts";
import { requireFreeStateFolder, StateFolderInUseError } from "./state-folder.ts";
import { PortInUseError } from "./wire.ts";

const PROJECT = join(import.meta.dirname, "../..");
const STATE_DIR = join(PROJECT, ".outpace");
/** The schedule of the provisional report, by the start of its logical id. */
const MONTH_TO_DATE = "CostReportsMonthToDate";

const { print, remark } = processTerminal;

/**
 * Builds, synthesises and runs the stack of the configuration file on this machine until it is
 * stopped. What it holds stays in `.outpace/`.
 */
async function start(args: readonly string[]): Promise<void> {
  const startWith = startArguments(args);
  const { apiPort, importPaths } = startWith;
  requirePaths(importPaths);
  mkdirSync(STATE_DIR, { recursive: true, mode: 0o700 });
  // A running host reads what the build writes: look before building.
  requireFreeStateFolder(STATE_DIR);
  remark("Building and starting: this takes some seconds.");
  const distDir = join(STATE_DIR, "dist");
  const assembly = join(STATE_DIR, "cdk.out");
  const configuration = await loadConfiguration(process.env["OUTPACE_CONFIG"]);
  await buildFunctions(distDir);
  synthesise({ configuration, distDir, outdir: assembly });
  const stateDir = relative(process.cwd(), STATE_DIR);
  let reportsDir = stateDir;
  let isImporting = importPaths.length > 0;
  let isStopped = false;
  const host = await startHost({
    assembly,
    stateDir: STATE_DIR,
    apiPort,
    onLogLine: (logicalId, line) => {
      const text = activityText(logicalId, line, { stateDir, reportsDir });
      // What an import brings about is told when it is done; what a stop cuts off is done at the next start.
      if (text !== undefined && !isImporting && !isStopped) {
        remark(text);
      }
    },
  });
  reportsDir = join(stateDir, "s3", output(host, "ReportBucketName"));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      isStopped = true;
      if (!isImporting) {
        void stop(host);
      }
    });
  }
  print(
    startText({
      apiUrl: host.apiUrl,
      senderKey: await ownSenderKey(host),
      webhookSecret: await webhookSecret(host),
      stateDir,
    }),
  );
  if (isImporting) {
    await runImport(host, startWith, { configuration, reportsDir, isStopped: () => isStopped });
    isImporting = false;
    if (isStopped) {
      return await stop(host);
    }
  }
  reportOnEnter(host);
}

type ImportSurroundings = {
  readonly configuration: Configuration;
  readonly reportsDir: string;
  readonly isStopped: () => boolean;
};

async function runImport(
  host: Host,
  { importPaths, user }: StartArguments,
  { configuration, reportsDir, isStopped }: ImportSurroundings,
): Promise<void> {
  const progress = progressLine(process.stderr, Date.now);
  const result = await importIntoHost(
    host,
    { paths: importPaths, user: user ?? ownName() },
    {
      settings: settingsOf(configuration),
      progress,
      isStopped,
      reportsDir,
      output: (name) => output(host, name),
    },
  );
  print(`${importText(result)}\n`);
}

/** Before anything is built: a path that is mistyped is better known at once. */
function requirePaths(paths: readonly string[]): void {
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined) {
    throw new CommandError(`there is nothing to import at ${missing}`);
  }
}

/** What git calls the person; where it knows nobody, an address that is of this machine only. */
function ownName(): string {
  try {
    const email = execFileSync("git", ["config", "user.email"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
    return email === "" ? localName() : email;
  } catch {
    return localName();
  }
}

function localName(): string {
  return `${userInfo().username}@localhost`;
}

async function stop(host: Host): Promise<void> {
  remark("Stopping.");
  process.stdin.destroy();
  await host.close();
}

/** By the clock there is one report a day: whoever tries it out need not wait for it. */
function reportOnEnter(host: Host): void {
  if (process.stdin.isTTY) {
    remark("What arrives is shown below. Press Enter for the costs of this month so far.\n");
    process.stdin.on("data", () => {
      host.fire(MONTH_TO_DATE).catch((error: unknown) => remark(String(error)));
    });
  }
}

/** The key of this machine's Claude Code: made once, and kept beside the state it opens. */
async function ownSenderKey(host: Host): Promise<string> {
  const file = join(STATE_DIR, "sender-key");
  const keys = dynamoDbSenderKeys(
    new DynamoDBClient(host.operator),
    output(host, "DirectoryTableName"),
  );
  const kept = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (await isInForce(keys, kept)) {
    return kept;
  }
  const key = await issueSenderKey(keys, { source: "claude-code" }, Date.now());
  writeFileSync(file, key, { mode: 0o600 });
  return key;
}

async function isInForce(keys: SenderKeys, text: string): Promise<boolean> {
  const parsed = parseSenderKey(text);
  const key = parsed.kind === "key" ? await keys.find(parsed.keyId) : undefined;
  return key !== undefined && key.revokedAtMs === undefined;
}

async function webhookSecret(host: Host): Promise<string> {
  const { SecretString } = await new SecretsManagerClient(host.operator).send(
    new GetSecretValueCommand({ SecretId: output(host, "GithubWebhookSecretArn") }),
  );
  return SecretString ?? "";
}

function output(host: Host, name: string): string {
  const value = host.outputs[name];
  if (value === undefined) {
    throw new Error(`the stack has no output ${name}`);
  }
  return value;
}

/** What the person at the terminal can put right, in their words. */
function inWords(error: unknown): unknown {
  if (error instanceof StateFolderInUseError) {
    return new CommandError(`Outpace runs already, as process ${error.pid}: stop that one first`);
  }
  if (error instanceof PortInUseError) {
    return new CommandError(
      `port ${error.port} is in use: stop what listens there, or choose another with npm start -- --port N`,
    );
  }
  return error;
}

await runCommand(async (args) => {
  try {
    await start(args);
  } catch (error) {
    throw inWords(error);
  }
});
