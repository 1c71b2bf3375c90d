import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { Settings } from "../../shared/directory/settings.ts";
import { JsonText } from "../../shared/json-text.ts";
import { dynamoDbAlertOutbox } from "../adapters/dynamodb-alert-outbox.ts";
import { environment } from "../adapters/environment.ts";
import { publishClient, snsNotifier } from "../adapters/sns-notifier.ts";
import { type SendAlertsHandler, sendAlertsHandler } from "./send-alerts.ts";

const env = environment(
  z.object({
    INSIGHTS_TABLE_NAME: z.string().min(1),
    OUTPACE_SETTINGS: JsonText.pipe(Settings),
    EMAIL_TOPIC_ARN: z.string().min(1),
    CHAT_TOPIC_ARNS: JsonText.pipe(z.record(z.string(), z.string().min(1))),
    OPERATIONS_TOPIC_ARN: z.string().min(1),
  }),
);

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
  ),
  nowMs: Date.now,
});
