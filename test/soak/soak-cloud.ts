import { existsSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { buildFunctions } from "../../infra/build.ts";
import { parseConfiguration } from "../../infra/config/configuration.ts";
import { DEMO_CONFIGURATION } from "../../infra/demo/demo-configuration.ts";
import { activityCounter } from "../../infra/local/activity.ts";
import { OPERATOR } from "../../infra/local/aws-call.ts";
import { type BackendClient, backendClient } from "../../infra/local/backend-client.ts";
import { type CapacityMeter, capacityMeter } from "../../infra/local/capacity.ts";
import { startDynamoDb } from "../../infra/local/dynamodb-process.ts";
import { functionVariables } from "../../infra/local/functions.ts";
import { type Gateway, startGateway } from "../../infra/local/gateway.ts";
import { rolePolicy } from "../../infra/local/permissions.ts";
import { partitionKeys, provision } from "../../infra/local/provision.ts";
import { secretsService } from "../../infra/local/secrets.ts";
import { resolveStack, type Stack } from "../../infra/local/stack.ts";
import { readAssembly } from "../../infra/local/template.ts";
import { synthesise } from "../../infra/synthesise.ts";
import { type FunctionProcesses, functionProcesses } from "./function-processes.ts";

/** The synthesised stack's tables and functions, with each function in processes of its own. */
export type SoakCloud = {
  readonly gateway: Gateway;
  readonly capacity: CapacityMeter;
  /** Calls past roles, meter and faults. */
  readonly operator: DynamoDBClient;
  readonly backend: BackendClient;
  readonly ledgerTable: string;
  readonly insightsTable: string;
  /** Drops the insights table and makes it anew. */
  readonly emptyInsights: () => Promise<void>;
  readonly pseudonymKey: () => Promise<string>;
  /** How the template has Lambda read the ledger's stream. */
  readonly rollUpBatches: { readonly batchSize: number; readonly windowMs: number };
  readonly processes: (logicalIdPrefix: string, size: number) => FunctionProcesses;
  readonly close: () => Promise<void>;
};

/** A file in memory outlives the processes that are killed here, and is four times as fast as one on disk. */
const MEMORY = "/dev/shm";
/** A million events take about a quarter of it; a container may have 64 MB. */
const ENOUGH_BYTES = 2e9;

/**
 * Builds and synthesises the stack, and starts its tables. Roles are those of the template; nothing
 * else is running: no API, no event sources, no schedules.
 */
export async function startSoakCloud(): Promise<SoakCloud> {
  const folder = mkdtempSync(join(roomyFolder(), "outpace-soak-"));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  const closers: (() => Promise<void> | void)[] = [removeFolder];
  // Also when the run is given up.
  process.once("exit", removeFolder);
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) {
      await closer();
    }
  };
  try {
    return await boot(folder, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function boot(
  folder: string,
  closers: (() => Promise<void> | void)[],
  close: () => Promise<void>,
): Promise<SoakCloud> {
  const distDir = join(folder, "dist");
  const assembly = join(folder, "cdk.out");
  await buildFunctions(distDir);
  const configuration = parseConfiguration(DEMO_CONFIGURATION, "the demo's configuration");
  synthesise({ configuration, distDir, outdir: assembly });

  const capacity = capacityMeter();
  const gateway = await startGateway(activityCounter(), capacity);
  closers.push(gateway.close);
  const dynamoDb = await startDynamoDb(join(folder, "dynamodb.sqlite"));
  closers.push(dynamoDb.close);
  const endpoints = { apiUrl: gateway.url, gatewayUrl: gateway.url };
  const stack = resolveStack(readAssembly(assembly), endpoints);
  const backend = backendClient(
    { dynamodb: dynamoDb.url, sqs: dynamoDb.url, s3: dynamoDb.url },
    stack.region,
  );
  closers.push(backend.close);
  // Only what the ledger needs: no queues, no buckets.
  const makeTables = () =>
    provision(
      {
        ...stack,
        resources: (type) => (type.startsWith("AWS::DynamoDB::") ? stack.resources(type) : []),
      },
      backend,
    );
  await makeTables();
  const lambdas = stack.resources("AWS::Lambda::Function");
  gateway.open({
    region: stack.region,
    policies: new Map(
      lambdas.map(({ logicalId, properties }) => [
        logicalId,
        rolePolicy(stack, properties.Role, logicalId),
      ]),
    ),
    partitionKeys: partitionKeys(stack),
    deploymentGroupOf: () => undefined,
    services: {
      dynamodb: dynamoDb.url,
      sqs: notHere,
      s3: notHere,
      sns: notHere,
      secretsmanager: secretsService(stack, folder),
      codepipeline: notHere,
      codedeploy: notHere,
    },
    onCommitted: async () => undefined,
  });
  const asOperator = {
    endpoint: gateway.url,
    region: stack.region,
    credentials: { accessKeyId: OPERATOR, secretAccessKey: "local" },
  };
  const secrets = new SecretsManagerClient(asOperator);
  const insightsTable = outputOf(stack, "InsightsTableName");
  const { properties: mapping } = stack.find(
    "AWS::Lambda::EventSourceMapping",
    "RollUpLedgerChanges",
  );
  return {
    gateway,
    capacity,
    operator: new DynamoDBClient(asOperator),
    backend,
    ledgerTable: outputOf(stack, "LedgerTableName"),
    insightsTable,
    emptyInsights: async () => {
      await backend.dynamodb("DeleteTable", { TableName: insightsTable });
      await makeTables();
    },
    pseudonymKey: async () => {
      const SecretId = outputOf(stack, "PseudonymSecretArn");
      const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId }));
      return SecretString ?? "";
    },
    rollUpBatches: {
      batchSize: mapping.BatchSize ?? 100,
      windowMs: mapping.MaximumBatchingWindowInSeconds * 1000,
    },
    processes: (prefix, size) => {
      const lambda = stack.find("AWS::Lambda::Function", prefix);
      const processes = functionProcesses(
        {
          file: join(stack.codeDirectory(lambda), "index.mjs"),
          // Without source maps, which only make stack traces readable.
          variables: {
            ...functionVariables(stack, lambda, gateway.url),
            NODE_OPTIONS: "",
            NODE_COMPILE_CACHE: join(folder, "compiled"),
          },
          timeoutMs: lambda.properties.Timeout * 1000,
        },
        size,
      );
      closers.push(processes.close);
      return processes;
    },
    close,
  };
}

function roomyFolder(): string {
  if (!existsSync(MEMORY)) {
    return tmpdir();
  }
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize < ENOUGH_BYTES ? tmpdir() : MEMORY;
}

function outputOf(stack: Stack, name: string): string {
  const value = stack.outputs[name];
  if (value === undefined) {
    throw new Error(`the stack has no output ${name}`);
  }
  return value;
}

async function notHere(): Promise<never> {
  throw new Error("ingestion and roll-up call no such service");
}
