import { setTimeout } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import { Settings } from "../../shared/directory/settings.ts";
import { JsonText } from "../../shared/json-text.ts";
import { dynamoDbDirectoryStore } from "../adapters/dynamodb-directory-store.ts";
import { dynamoDbDropProgress } from "../adapters/dynamodb-drop-progress.ts";
import { dynamoDbProviderStatements } from "../adapters/dynamodb-provider-statements.ts";
import { dynamoDbQuarantine } from "../adapters/dynamodb-quarantine.ts";
import { dynamoDbUsageLedger } from "../adapters/dynamodb-usage-ledger.ts";
import { environment } from "../adapters/environment.ts";
import { emitMetrics } from "../adapters/metrics.ts";
import { hmacPseudonyms, identityHash } from "../adapters/pseudonyms.ts";
import { s3Drops } from "../adapters/s3-drops.ts";
import { secretText } from "../adapters/secrets.ts";
import { type ImportDropsHandler, importDropsHandler } from "./import-drops.ts";

const env = environment(
  z.object({
    DIRECTORY_TABLE_NAME: z.string().min(1),
    LEDGER_TABLE_NAME: z.string().min(1),
    PSEUDONYM_SECRET_ARN: z.string().min(1),
    OUTPACE_SETTINGS: JsonText.pipe(Settings),
  }),
);

const dynamoDb = new DynamoDBClient({});
const pseudonymKey = secretText(new SecretsManagerClient({}), env.PSEUDONYM_SECRET_ARN);

export const handler: ImportDropsHandler = importDropsHandler({
  drops: s3Drops(new S3Client({})),
  directory: dynamoDbDirectoryStore(dynamoDb, env.DIRECTORY_TABLE_NAME),
  ledger: dynamoDbUsageLedger(dynamoDb, env.LEDGER_TABLE_NAME, identityHash),
  statements: dynamoDbProviderStatements(dynamoDb, env.LEDGER_TABLE_NAME, identityHash),
  quarantine: dynamoDbQuarantine(dynamoDb, env.LEDGER_TABLE_NAME, identityHash),
  pseudonymise: async () => hmacPseudonyms(await pseudonymKey()),
  settings: env.OUTPACE_SETTINGS,
  progress: dynamoDbDropProgress(dynamoDb, env.LEDGER_TABLE_NAME),
  pause: (ms) => setTimeout(ms),
  hash: identityHash,
  nowMs: Date.now,
  emitMetrics: (values) => emitMetrics(values),
});
