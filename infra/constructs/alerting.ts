import { Duration } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { Grant } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { Subscription, SubscriptionFilter, SubscriptionProtocol, Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { OUTBOX_PARTITION } from "../../functions/adapters/alert-keys.ts";
import type { BudgetOwner } from "../../shared/directory/settings.ts";
import type { AlertAnswers } from "./alert-answers.ts";
import { ChatTopics } from "./chat-topics.ts";
import type { EncryptionKey } from "./encryption-key.ts";
import { FailureQueue } from "./failure-queue.ts";
import type { InsightsTable } from "./insights-table.ts";
import type { ScheduledRuns } from "./scheduled-runs.ts";
import { type FunctionPlatform, ServiceFunction } from "./service-function.ts";
import { consumeStream } from "./stream-consumer.ts";

export type AlertingProps = {
  readonly platform: FunctionPlatform;
  readonly insights: InsightsTable;
  readonly answers: AlertAnswers;
  readonly encryptionKey: EncryptionKey;
  readonly scheduledRuns: ScheduledRuns;
  readonly owners: readonly BudgetOwner[];
  /** JSON of the `Settings`. */
  readonly settings: string;
};

/** Alert: sends each new alert to its budget owner, by e-mail and chat. */
export class Alerting extends Construct {
  constructor(scope: Construct, id: string, props: AlertingProps) {
    super(scope, id);
    const { platform, insights, answers, encryptionKey, owners } = props;
    const emailTopic = this.#addEmailTopic(owners, encryptionKey);
    const chatTopics = new ChatTopics(this, "Chat", { owners, encryptionKey });
    const operationsTopic = platform.operations.topic;
    const send = new ServiceFunction(this, "SendAlerts", {
      platform,
      name: "send-alerts",
      environment: {
        INSIGHTS_TABLE_NAME: insights.tableName,
        OUTPACE_SETTINGS: props.settings,
        EMAIL_TOPIC_ARN: emailTopic.topicArn,
        CHAT_TOPIC_ARNS: chatTopics.arnsByOwner,
        OPERATIONS_TOPIC_ARN: operationsTopic.topicArn,
        ...answers.environment,
      },
      impact: "Budget owners get no alert.",
      size: { memoryMb: 256, timeout: Duration.seconds(60) },
      failedEvents: props.scheduledRuns.failedRuns,
    }).function;
    insights.grantDeliver(send);
    answers.grantSign(send);
    Grant.addToPrincipal({
      grantee: send,
      actions: ["sns:Publish"],
      resourceArns: [emailTopic, operationsTopic, ...chatTopics.topics].map((t) => t.topicArn),
    }).assertSuccess();
    encryptionKey.grantPublish(send);
    this.#addTriggers(send, props);
    this.#alarmOnUncertain(platform);
  }

  #addTriggers(send: LambdaFunction, { platform, insights, scheduledRuns }: AlertingProps): void {
    consumeStream(this, "NewAlerts", {
      streamArn: insights.streamArn,
      consumer: send,
      filter: { eventName: ["INSERT"], dynamodb: { Keys: { pk: { S: [OUTBOX_PARTITION] } } } },
      batchSize: 10,
      window: Duration.seconds(0),
      failures: new FailureQueue(this, "FailedAlerts", {
        operations: platform.operations,
        impact: "An alert could not be sent at once: its budget owner waits for the next sweep.",
        runbook: "an-alert-could-not-be-sent",
        filledBy: "Lambda sends it the positions of new alerts that send-alerts kept failing on",
      }),
    });
    scheduledRuns.run(this, "Sweep", {
      function: send,
      schedule: ScheduleExpression.rate(Duration.minutes(15)),
      description: "Sends alerts that are still in the outbox",
    });
  }

  #addEmailTopic(owners: readonly BudgetOwner[], encryptionKey: EncryptionKey): Topic {
    const topic = new Topic(this, "Email", {
      displayName: "Outpace",
      enforceSSL: true,
      masterKey: encryptionKey.key,
    });
    for (const { id, email } of owners) {
      new Subscription(this, `EmailTo-${id}`, {
        topic,
        protocol: SubscriptionProtocol.EMAIL,
        endpoint: email,
        filterPolicy: { budgetOwner: SubscriptionFilter.stringFilter({ allowlist: [id] }) },
      });
    }
    return topic;
  }

  #alarmOnUncertain({ operations }: FunctionPlatform): void {
    operations.alarm(this, "AlertsUncertain", {
      metric: new Metric({
        namespace: "Outpace",
        metricName: "AlertsUncertain",
        period: Duration.minutes(15),
        statistic: "Sum",
      }),
      impact: "It is not known whether a budget owner got an alert.",
      runbook: "it-is-not-known-whether-an-alert-arrived",
    });
  }
}
