import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import { dynamoDbQuarantine } from "../adapters/dynamodb-quarantine.ts";
import { dynamoDbUsageLedger } from "../adapters/dynamodb-usage-ledger.ts";
import { environment } from "../adapters/environment.ts";
import { emitMetrics } from "../adapters/metrics.ts";
import { hmacPseudonyms, identityHash } from "../adapters/pseudonyms.ts";
import { secretText } from "../adapters/secrets.ts";
import { type IngestUsageHandler, ingestUsageHandler } from "./ingest-usage.ts";

const env = environment(
  z.object({ LEDGER_TABLE_NAME: z.string().min(1), PSEUDONYM_SECRET_ARN: z.string().min(1) }),
);

const dynamoDb = new DynamoDBClient({});
const pseudonymKey = secretText(new SecretsManagerClient({}), env.PSEUDONYM_SECRET_ARN);

export const handler: IngestUsageHandler = ingestUsageHandler({
  ledger: dynamoDbUsageLedger(dynamoDb, env.LEDGER_TABLE_NAME, identityHash),
  quarantine: dynamoDbQuarantine(dynamoDb, env.LEDGER_TABLE_NAME, identityHash),
  pseudonymise: async () => hmacPseudonyms(await pseudonymKey()),
  hash: identityHash,
  nowMs: Date.now,
  emitMetrics: (values) => emitMetrics(values),
});
