import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import { Settings } from "../../shared/directory/settings.ts";
import { JsonText } from "../../shared/json-text.ts";
import { UNDELIVERED_RESOLUTIONS } from "../../shared/outcomes/jira-webhook.ts";
import { dynamoDbOutcomeLedger } from "../adapters/dynamodb-outcome-ledger.ts";
import { dynamoDbQuarantine } from "../adapters/dynamodb-quarantine.ts";
import { environment } from "../adapters/environment.ts";
import { emitMetrics } from "../adapters/metrics.ts";
import { hmacPseudonyms, identityHash } from "../adapters/pseudonyms.ts";
import { secretsIn, secretText } from "../adapters/secrets.ts";
import { type IngestOutcomesHandler, ingestOutcomesHandler } from "./ingest-outcomes.ts";

const env = environment(
  z.object({
    LEDGER_TABLE_NAME: z.string().min(1),
    PSEUDONYM_SECRET_ARN: z.string().min(1),
    GITHUB_WEBHOOK_SECRET_ARN: z.string().min(1),
    GITLAB_WEBHOOK_SECRET_ARN: z.string().min(1).optional(),
    JIRA_WEBHOOK_SECRET_ARN: z.string().min(1).optional(),
    JIRA_UNDELIVERED: JsonText.pipe(z.array(z.string())).optional(),
    OUTPACE_SETTINGS: JsonText.pipe(Settings),
  }),
);

const dynamoDb = new DynamoDBClient({});
const secretsManager = new SecretsManagerClient({});
const pseudonymKey = secretText(secretsManager, env.PSEUDONYM_SECRET_ARN);

/** Nothing is let in by a secret that is not configured. */
function webhookSecrets(arn: string | undefined): () => Promise<readonly string[]> {
  if (arn === undefined) {
    return async () => [];
  }
  const text = secretText(secretsManager, arn);
  return async () => secretsIn(await text());
}

export const handler: IngestOutcomesHandler = ingestOutcomesHandler({
  ledger: dynamoDbOutcomeLedger(dynamoDb, env.LEDGER_TABLE_NAME, identityHash),
  quarantine: dynamoDbQuarantine(dynamoDb, env.LEDGER_TABLE_NAME, identityHash),
  pseudonyms: async () => hmacPseudonyms(await pseudonymKey()),
  webhookSecrets: {
    github: webhookSecrets(env.GITHUB_WEBHOOK_SECRET_ARN),
    gitlab: webhookSecrets(env.GITLAB_WEBHOOK_SECRET_ARN),
    jira: webhookSecrets(env.JIRA_WEBHOOK_SECRET_ARN),
  },
  productionEnvironments: env.OUTPACE_SETTINGS.productionEnvironments,
  undeliveredResolutions: env.JIRA_UNDELIVERED ?? UNDELIVERED_RESOLUTIONS,
  nowMs: Date.now,
  emitMetrics: (values) => emitMetrics(values),
});
