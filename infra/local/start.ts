import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { dynamoDbSenderKeys } from "../../functions/adapters/dynamodb-sender-keys.ts";
import { parseSenderKey } from "../../shared/directory/sender-key.ts";
import type { SenderKeys } from "../../shared/ports/sender-keys.ts";
import { buildFunctions } from "../build.ts";
import { issueSenderKey } from "../cli/issue-sender-key.ts";
import { loadConfiguration } from "../config/load-configuration.ts";
import { synthesise } from "../synthesise.ts";
import { type Host, startHost } from "./host.ts";
import { startText } from "./start-text.ts";

const PROJECT = join(import.meta.dirname, "../..");
const STATE_DIR = join(PROJECT, ".outpace");

/**
 * Builds, synthesises and runs the stack of the configuration file on this machine until it is
 * stopped. What it holds stays in `.outpace/`.
 */
async function start(): Promise<void> {
  mkdirSync(STATE_DIR, { recursive: true, mode: 0o700 });
  const distDir = join(STATE_DIR, "dist");
  const assembly = join(STATE_DIR, "cdk.out");
  await buildFunctions(distDir);
  const configuration = await loadConfiguration(process.env["OUTPACE_CONFIG"]);
  synthesise({ configuration, distDir, outdir: assembly });
  const host = await startHost({ assembly, stateDir: STATE_DIR });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void host.close());
  }
  console.info(
    startText({
      apiUrl: host.apiUrl,
      senderKey: await ownSenderKey(host),
      webhookSecret: await webhookSecret(host),
      stateDir: relative(PROJECT, STATE_DIR),
    }),
  );
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

await start();
