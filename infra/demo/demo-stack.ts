import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { dynamoDbSenderKeys } from "../../functions/adapters/dynamodb-sender-keys.ts";
import { hmacPseudonyms } from "../../functions/adapters/pseudonyms.ts";
import type { Pseudonymise } from "../../shared/ports/pseudonyms.ts";
import { buildFunctions } from "../build.ts";
import { issueSenderKey } from "../cli/issue-sender-key.ts";
import { parseConfiguration } from "../config/configuration.ts";
import { type Host, startHost } from "../local/host.ts";
import { synthesise } from "../synthesise.ts";
import { DEMO_CONFIGURATION } from "./demo-configuration.ts";

/** The whole stack, running here, and what an operator has in hand. */
export type DemoStack = {
  readonly host: Host;
  readonly dynamoDb: DynamoDBClient;
  readonly s3: S3Client;
  /** Lets a sender of Claude Code's telemetry in. */
  readonly senderKey: string;
  readonly webhookSecret: string;
  readonly pseudonymise: Pseudonymise;
  /**
   * @throws {Error} if the stack has no such output.
   */
  readonly output: (name: string) => string;
  readonly close: () => Promise<void>;
};

/** Builds, synthesises and boots the stack in a temporary folder that goes with it. */
export async function startDemoStack(): Promise<DemoStack> {
  const folder = mkdtempSync(join(tmpdir(), "outpace-demo-"));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  try {
    const distDir = join(folder, "dist");
    const assembly = join(folder, "cdk.out");
    await buildFunctions(distDir);
    const configuration = parseConfiguration(DEMO_CONFIGURATION, "the demo's configuration");
    synthesise({ configuration, distDir, outdir: assembly });
    const host = await startHost({ assembly, timers: false });
    return await operate(host, removeFolder);
  } catch (error) {
    removeFolder();
    throw error;
  }
}

async function operate(host: Host, removeFolder: () => void): Promise<DemoStack> {
  const output = (name: string) => {
    const value = host.outputs[name];
    if (value === undefined) {
      throw new Error(`the stack has no output ${name}`);
    }
    return value;
  };
  const dynamoDb = new DynamoDBClient(host.operator);
  const secrets = new SecretsManagerClient(host.operator);
  const secret = async (arn: string) =>
    (await secrets.send(new GetSecretValueCommand({ SecretId: arn }))).SecretString ?? "";
  const pseudonymise = hmacPseudonyms(await secret(output("PseudonymSecretArn")));
  return {
    host,
    dynamoDb,
    s3: new S3Client({ ...host.operator, forcePathStyle: true }),
    senderKey: await issueSenderKey(
      dynamoDbSenderKeys(dynamoDb, output("DirectoryTableName")),
      { source: "claude-code" },
      Date.now(),
    ),
    webhookSecret: await secret(output("GithubWebhookSecretArn")),
    pseudonymise,
    output,
    close: async () => {
      await host.close();
      removeFolder();
    },
  };
}

/** Uploads `directory.csv` to the drop bucket, and waits until it is imported. */
export async function importDirectory(
  { host, output, s3 }: DemoStack,
  directory: string,
): Promise<void> {
  await s3.send(
    new PutObjectCommand({
      Bucket: output("DropBucketName"),
      Key: "directory/directory.csv",
      Body: directory,
      ContentType: "text/csv",
    }),
  );
  await host.idle();
}
