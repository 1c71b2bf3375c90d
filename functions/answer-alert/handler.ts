import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import { dynamoDbAlertRegister } from "../adapters/dynamodb-alert-register.ts";
import { environment } from "../adapters/environment.ts";
import { emitMetrics } from "../adapters/metrics.ts";
import { secretsIn, secretText } from "../adapters/secrets.ts";
import { type AnswerAlertHandler, answerAlertHandler } from "./answer-alert.ts";

const env = environment(
  z.object({
    INSIGHTS_TABLE_NAME: z.string().min(1),
    ANSWER_LINK_SECRET_ARN: z.string().min(1),
  }),
);

const linkSecret = secretText(new SecretsManagerClient({}), env.ANSWER_LINK_SECRET_ARN);

export const handler: AnswerAlertHandler = answerAlertHandler({
  register: dynamoDbAlertRegister(new DynamoDBClient({}), env.INSIGHTS_TABLE_NAME),
  linkSecrets: async () => secretsIn(await linkSecret()),
  nowMs: Date.now,
  emitMetrics: (values) => emitMetrics(values),
});
