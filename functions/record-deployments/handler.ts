import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { awsDeployedRevisions } from "../adapters/aws-deployed-revisions.ts";
import { dynamoDbOutcomeLedger } from "../adapters/dynamodb-outcome-ledger.ts";
import { environment } from "../adapters/environment.ts";
import { emitMetrics } from "../adapters/metrics.ts";
import { identityHash } from "../adapters/pseudonyms.ts";
import { type RecordDeploymentsHandler, recordDeploymentsHandler } from "./record-deployments.ts";

const env = environment(
  z.object({
    LEDGER_TABLE_NAME: z.string().min(1),
    PRODUCTION_ENVIRONMENT: z.string().min(1),
    AWS_REGION: z.string().min(1),
    AWS_ACCESS_KEY_ID: z.string().min(1),
    AWS_SECRET_ACCESS_KEY: z.string().min(1),
    AWS_SESSION_TOKEN: z.string().optional(),
    AWS_ENDPOINT_URL: z.url().optional(),
  }),
);

export const handler: RecordDeploymentsHandler = recordDeploymentsHandler({
  ledger: dynamoDbOutcomeLedger(new DynamoDBClient({}), env.LEDGER_TABLE_NAME, identityHash),
  revisions: awsDeployedRevisions({
    region: env.AWS_REGION,
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID,
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
      sessionToken: env.AWS_SESSION_TOKEN,
    },
    endpoint: env.AWS_ENDPOINT_URL,
  }),
  environment: env.PRODUCTION_ENVIRONMENT,
  emitMetrics: (values) => emitMetrics(values),
});
