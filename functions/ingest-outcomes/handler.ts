import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import { Settings } from "../../shared/directory/settings.ts";
import { JsonText } from "../../shared/json-text.ts";
import { dynamoDbOutcomeLedger } from "../adapters/dynamodb-outcome-ledger.ts";
import { dynamoDbQuarantine } from "../adapters/dynamodb-quarantine.ts";
import { environment } from "../adapters/environment.ts";
import { emitMetrics } from "../adapters/metrics.ts";
import { hmacPseudonyms, identityHash } from "../adapters/pseudonyms.ts";
import { secretText } from "../adapters/secrets.ts";
import { webhookSecretsIn } from "../adapters/webhook-signature.ts";
import { type IngestOutcomesHandler, ingestOutcomesHandler } from "./ingest-outcomes.ts";

const env = environment(
  z.object({
    LEDGER_TABLE_NAME: z.string().min(1),
    PSEUDONYM_SECRET_ARN: z.string().min(1),
    GITHUB_WEBHOOK_SECRET_ARN: z.string().min(1),
    OUTPACE_SETTINGS: JsonText.pipe(Settings),
  }),
);

const dynamoDb = new DynamoDBClient({});
const secretsManager = new SecretsManagerClient({});
const pseudonymKey = secretText(secretsManager, env.PSEUDONYM_SECRET_ARN);
const webhookSecret = secretText(secretsManager, env.GITHUB_WEBHOOK_SECRET_ARN);

export const handler: IngestOutcomesHandler = ingestOutcomesHandler({
  ledger: dynamoDbOutcomeLedger(dynamoDb, env.LEDGER_TABLE_NAME, identityHash),
  quarantine: dynamoDbQuarantine(dynamoDb, env.LEDGER_TABLE_NAME, identityHash),
  pseudonyms: async () => hmacPseudonyms(await pseudonymKey()),
  webhookSecrets: async () => webhookSecretsIn(await webhookSecret()),
  productionEnvironments: env.OUTPACE_SETTINGS.productionEnvironments,
  nowMs: Date.now,
  emitMetrics: (values) => emitMetrics(values),
});
