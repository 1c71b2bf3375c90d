import { readFileSync } from "node:fs";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { inject } from "vitest";
import { dynamoDbRollUps } from "../../functions/adapters/dynamodb-roll-ups.ts";
import { dynamoDbSenderKeys } from "../../functions/adapters/dynamodb-sender-keys.ts";
import { eventsOfSegment } from "../../functions/adapters/dynamodb-usage-ledger.ts";
import { issueSenderKey } from "../../infra/cli/issue-sender-key.ts";
import { type Host, type HostOptions, startHost } from "../../infra/local/host.ts";
import { dayOf } from "../../shared/ledger/calendar.ts";
import { foldUserDay } from "../../shared/ledger/fold-user-day.ts";
import { REQUESTS_FIRST } from "../../shared/ledger/grain-authority.ts";
import type { UserDay } from "../../shared/ledger/roll-ups.ts";
import { genaiPriceBook } from "../../shared/pricing/genai-price-book.ts";

/** A booted stack, with what tests ask of it. */
export type RunningStack = {
  readonly host: Host;
  readonly output: (name: string) => string;
  readonly dynamoDb: DynamoDBClient;
  /** Sends a body with a sender's key. */
  readonly post: (
    path: string,
    body: string | Uint8Array,
    headers?: Record<string, string>,
  ) => Promise<Response>;
  readonly senderKey: string;
  readonly secret: (outputName: string) => Promise<string>;
  /** What the ledger holds, folded from its own items, apart from the stored roll-ups. */
  readonly ledger: () => Promise<LedgerTotals>;
  /** Every item of every table, as text. */
  readonly everythingStored: () => Promise<string>;
  /** The stored roll-ups of every person's day. */
  readonly userDays: () => Promise<readonly UserDay[]>;
  /** Sum of the stored roll-ups of every day of the ledger. */
  readonly rolledUpNanoUsd: () => Promise<bigint>;
};

export type LedgerTotals = {
  readonly entries: number;
  readonly calls: number;
  readonly costNanoUsd: bigint;
  readonly tokens: number;
};

/** Boots the stack in a temporary folder, with schedules off. */
export async function runStack(options: Partial<HostOptions> = {}): Promise<RunningStack> {
  const host = await startHost({ assembly: inject("assembly"), timers: false, ...options });
  const output = (name: string) => {
    const value = host.outputs[name];
    if (value === undefined) {
      throw new Error(`the stack has no output ${name}`);
    }
    return value;
  };
  const dynamoDb = new DynamoDBClient(host.operator);
  const userDays = async () => {
    const rollUps = dynamoDbRollUps(dynamoDb, output("InsightsTableName"));
    return (await rollUps.readBetween("2026-07-01", "2026-12-31")).userDays;
  };
  const senderKey = await issueSenderKey(
    dynamoDbSenderKeys(dynamoDb, output("DirectoryTableName")),
    { source: "any" },
    Date.now(),
  );
  return {
    host,
    output,
    dynamoDb,
    senderKey,
    post: (path, body, headers = {}) =>
      fetch(`${host.apiUrl}${path}`, {
        method: "POST",
        body,
        headers: {
          authorization: `Bearer ${senderKey}`,
          "content-type": "application/json",
          ...headers,
        },
      }),
    secret: async (outputName) => {
      const { SecretString } = await new SecretsManagerClient(host.operator).send(
        new GetSecretValueCommand({ SecretId: output(outputName) }),
      );
      return SecretString ?? "";
    },
    ledger: () => ledgerTotals(dynamoDb, output("LedgerTableName")),
    everythingStored: async () => {
      const tables = ["LedgerTableName", "InsightsTableName", "DirectoryTableName"].map(output);
      const items = await Promise.all(
        tables.map(
          async (TableName) => (await dynamoDb.send(new ScanCommand({ TableName }))).Items,
        ),
      );
      return JSON.stringify(items);
    },
    userDays,
    rolledUpNanoUsd: async () =>
      (await userDays()).reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n),
  };
}

/** Reads the whole ledger table and folds it, as a rebuild would. */
export async function ledgerTotals(client: DynamoDBClient, table: string): Promise<LedgerTotals> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
  const entries = Items.filter((item) => item["pk"]?.S?.startsWith("U#")).flatMap(eventsOfSegment);
  const folded = [...Map.groupBy(entries, ({ user }) => user)].flatMap(([user, own]) =>
    [...new Set(own.map(({ timeMs }) => dayOf(timeMs)))].map(
      (day) =>
        foldUserDay(user, day, own, { priceBook: genaiPriceBook(), authority: REQUESTS_FIRST })
          .userDay,
    ),
  );
  const lines = folded.flatMap((day) => day.lines);
  return {
    entries: entries.length,
    calls: lines.reduce((sum, line) => sum + line.calls, 0),
    costNanoUsd: lines.reduce((sum, line) => sum + line.costNanoUsd, 0n),
    tokens: lines.reduce(
      (sum, { tokens }) =>
        sum +
        tokens.uncachedInput +
        tokens.cacheRead +
        tokens.cacheWrite5m +
        tokens.cacheWrite1h +
        tokens.output,
      0,
    ),
  };
}

export function fixture(path: string): Buffer {
  return readFileSync(new URL(`../fixtures/${path}`, import.meta.url));
}
