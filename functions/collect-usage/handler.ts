import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import { CollectorSettings } from "../../shared/collect/collector-settings.ts";
import { JsonText } from "../../shared/json-text.ts";
import { dynamoDbCollectorProgress } from "../adapters/dynamodb-collector-progress.ts";
import { dynamoDbProviderStatements } from "../adapters/dynamodb-provider-statements.ts";
import { dynamoDbQuarantine } from "../adapters/dynamodb-quarantine.ts";
import { dynamoDbUsageLedger } from "../adapters/dynamodb-usage-ledger.ts";
import { environment } from "../adapters/environment.ts";
import { fetchExchange } from "../adapters/http-exchange.ts";
import { emitMetrics } from "../adapters/metrics.ts";
import { hmacPseudonyms, identityHash } from "../adapters/pseudonyms.ts";
import { secretText } from "../adapters/secrets.ts";
import { collectUsageHandler } from "./collect-usage.ts";

const WithSecret = CollectorSettings.and(z.object({ secretArn: z.string().min(1) }));

const env = environment(
  z.object({
    LEDGER_TABLE_NAME: z.string().min(1),
    PSEUDONYM_SECRET_ARN: z.string().min(1),
    COLLECTORS: JsonText.pipe(z.array(WithSecret)),
  }),
);

const dynamoDb = new DynamoDBClient({});
const secrets = new SecretsManagerClient({});
const pseudonymKey = secretText(secrets, env.PSEUDONYM_SECRET_ARN);

export const handler = collectUsageHandler({
  collectors: env.COLLECTORS,
  secret: (arn) => secretText(secrets, arn)(),
  http: fetchExchange(),
  progress: dynamoDbCollectorProgress(dynamoDb, env.LEDGER_TABLE_NAME),
  stores: {
    ledger: dynamoDbUsageLedger(dynamoDb, env.LEDGER_TABLE_NAME, identityHash),
    quarantine: dynamoDbQuarantine(dynamoDb, env.LEDGER_TABLE_NAME, identityHash),
    statements: dynamoDbProviderStatements(dynamoDb, env.LEDGER_TABLE_NAME, identityHash),
    pseudonymise: async () => hmacPseudonyms(await pseudonymKey()),
    nowMs: Date.now,
  },
  hash: identityHash,
  nowMs: Date.now,
  wait: (ms) => sleep(ms),
  emitMetrics: (values, dimensions) => emitMetrics(values, dimensions),
});
