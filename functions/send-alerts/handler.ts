import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import { Settings } from "../../shared/directory/settings.ts";
import { JsonText } from "../../shared/json-text.ts";
import { answerLinks } from "../adapters/answer-links.ts";
import { dynamoDbAlertOutbox } from "../adapters/dynamodb-alert-outbox.ts";
import { environment } from "../adapters/environment.ts";
import { emitMetrics } from "../adapters/metrics.ts";
import { secretText } from "../adapters/secrets.ts";
import { publishClient, snsNotifier } from "../adapters/sns-notifier.ts";
import { type SendAlertsHandler, sendAlertsHandler } from "./send-alerts.ts";

const env = environment(
  z.object({
    INSIGHTS_TABLE_NAME: z.string().min(1),
    OUTPACE_SETTINGS: JsonText.pipe(Settings),
    EMAIL_TOPIC_ARN: z.string().min(1),
    CHAT_TOPIC_ARNS: JsonText.pipe(z.record(z.string(), z.string().min(1))),
    OPERATIONS_TOPIC_ARN: z.string().min(1),
    ANSWER_URL: z.string().min(1),
    ANSWER_LINK_SECRET_ARN: z.string().min(1),
  }),
);

/** Gives up soon: an alert that waits for its link is late, and one that is cut off is in doubt. */
const secretsManager = new SecretsManagerClient({
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
});

export const handler: SendAlertsHandler = sendAlertsHandler({
  outbox: dynamoDbAlertOutbox(new DynamoDBClient({}), env.INSIGHTS_TABLE_NAME),
  notifier: snsNotifier(
    publishClient(),
    {
      emailTopicArn: env.EMAIL_TOPIC_ARN,
      chatTopicArns: new Map(Object.entries(env.CHAT_TOPIC_ARNS)),
      operationsTopicArn: env.OPERATIONS_TOPIC_ARN,
    },
    env.OUTPACE_SETTINGS,
    answerLinks(
      env.ANSWER_URL,
      secretText(secretsManager, env.ANSWER_LINK_SECRET_ARN),
      Date.now,
      (values) => emitMetrics(values),
    ),
  ),
  nowMs: Date.now,
});
