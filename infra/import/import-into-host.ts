import { homedir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { dynamoDbDirectoryStore } from "../../functions/adapters/dynamodb-directory-store.ts";
import { dynamoDbQuarantine } from "../../functions/adapters/dynamodb-quarantine.ts";
import { dynamoDbRollUps } from "../../functions/adapters/dynamodb-roll-ups.ts";
import { dynamoDbUsageLedger } from "../../functions/adapters/dynamodb-usage-ledger.ts";
import { hmacPseudonyms, identityHash } from "../../functions/adapters/pseudonyms.ts";
import { secretText } from "../../functions/adapters/secrets.ts";
import type { Settings } from "../../shared/directory/settings.ts";
import { normalisedSubject } from "../../shared/directory/subject.ts";
import { addDays, dayOf } from "../../shared/ledger/calendar.ts";
import type { UserDay } from "../../shared/ledger/roll-ups.ts";
import type { Progress } from "../demo/progress.ts";
import type { Host } from "../local/host.ts";
import { findFiles, shortPath } from "./find-files.ts";
import { type ImportFilesDeps, importFiles } from "./import-files.ts";
import { importProgressText } from "./import-progress.ts";
import type { ImportResult } from "./import-text.ts";

export type ImportRequest = {
  readonly paths: readonly string[];
  /** The person whose usage it is. */
  readonly user: string;
};

export type ImportIntoHostDeps = {
  readonly settings: Settings;
  readonly progress: Progress;
  readonly isStopped: () => boolean;
  readonly output: (name: string) => string;
  /** Below it, `reports/<month>/` has a month's report. */
  readonly reportsDir: string;
};

/** The schedule of the provisional report, by the start of its logical id. */
const MONTH_TO_DATE = "CostReportsMonthToDate";
const LONGEST_WAIT_MS = 30 * 60_000;
/** Before any of the tools whose files are imported. */
const FIRST_DAY = "2023-01-01";

/** Imports files into the stack that runs here, waits until its books are made up, and writes the reports. */
export async function importIntoHost(
  host: Host,
  { paths, user }: ImportRequest,
  deps: ImportIntoHostDeps,
): Promise<ImportResult> {
  const { progress, isStopped, output } = deps;
  const startMs = Date.now();
  const found = findFiles(paths);
  const bytes = found.files.reduce((sum, file) => sum + file.bytes, 0);
  const subject = normalisedSubject(user);
  const stores = storesOf(host, output);
  const imported = await importFiles(found.files, {
    ...stores,
    settings: deps.settings,
    subject,
    isStopped,
    onProgress: (bytesRead, { received }) =>
      progress.say(
        importProgressText({ bytesRead, bytes, calls: received, elapsedMs: Date.now() - startMs }),
      ),
  });
  const elapsedMs = Date.now() - startMs;
  progress.say("making up the books …");
  const userDays = isStopped() ? [] : await booksOf(host, subject, output);
  const reports = isStopped() ? [] : await reportsOf(host, userDays, deps.reportsDir);
  progress.end();
  return {
    paths: paths.map((path) => shortPath(path, homedir())),
    found,
    imported,
    elapsedMs,
    subject,
    userDays,
    reports,
  };
}

type Stores = Omit<ImportFilesDeps, "settings" | "subject" | "isStopped" | "onProgress">;

function storesOf(host: Host, output: (name: string) => string): Stores {
  const dynamoDb = new DynamoDBClient(host.operator);
  const ledgerTable = output("LedgerTableName");
  return {
    ledger: dynamoDbUsageLedger(dynamoDb, ledgerTable, identityHash),
    quarantine: dynamoDbQuarantine(dynamoDb, ledgerTable, identityHash),
    directory: dynamoDbDirectoryStore(dynamoDb, output("DirectoryTableName")),
    pseudonymise: pseudonymsOf(host, output),
    hash: identityHash,
    nowMs: Date.now,
  };
}

function pseudonymsOf(host: Host, output: (name: string) => string) {
  const key = secretText(new SecretsManagerClient(host.operator), output("PseudonymSecretArn"));
  return async () => hmacPseudonyms(await key());
}

async function booksOf(
  host: Host,
  subject: string,
  output: (name: string) => string,
): Promise<readonly UserDay[]> {
  await host.idle(LONGEST_WAIT_MS);
  const user = (await pseudonymsOf(host, output)())(subject);
  const rollUps = dynamoDbRollUps(new DynamoDBClient(host.operator), output("InsightsTableName"));
  const { userDays } = await rollUps.readBetween(FIRST_DAY, addDays(dayOf(Date.now()), 2));
  return userDays.filter((day) => day.user === user);
}

/** Writes the report of each month that the person spent something in. */
async function reportsOf(
  host: Host,
  userDays: readonly UserDay[],
  reportsDir: string,
): Promise<readonly string[]> {
  const months = [...new Set(userDays.map(({ day }) => day.slice(0, 7)))].sort();
  for (const month of months) {
    await host.fire(MONTH_TO_DATE, new Date(`${month}-28T12:00:00Z`));
  }
  return months.map((month) => join(reportsDir, "reports", month, "costs.csv"));
}
