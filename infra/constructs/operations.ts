import { Stack } from "aws-cdk-lib";
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Subscription, SubscriptionProtocol, Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import type { EncryptionKey } from "./encryption-key.ts";

export type OperationsProps = {
  readonly emails: readonly string[];
  readonly encryptionKey: EncryptionKey;
};

export type AlarmProps = {
  readonly metric: IMetric;
  /**
   * What it means for a person if nobody acts. A sentence.
   */
  readonly impact: string;
  /** Heading in docs/runbooks.md, as its anchor. */
  readonly runbook: string;
  /**
   * Alarms above this.
   * @default 0
   */
  readonly above?: number;
};

export type AbsenceProps = Omit<AlarmProps, "above"> & {
  /** For so many periods of the metric on end. */
  readonly periods: number;
};

/** Operations: the topic that the operators get, and the alarms that publish to it. */
export class Operations extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { emails, encryptionKey }: OperationsProps) {
    super(scope, id);
    this.topic = new Topic(this, "Topic", {
      displayName: "Outpace operations",
      enforceSSL: true,
      masterKey: encryptionKey.key,
    });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: "AlarmsOfThisAccount",
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["sns:Publish"],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    );
    encryptionKey.allowAlarms(this.topic);
    for (const [i, endpoint] of emails.entries()) {
      new Subscription(this, `Email${i}`, {
        topic: this.topic,
        protocol: SubscriptionProtocol.EMAIL,
        endpoint,
      });
    }
  }

  /** Tells the operators when the metric is above its threshold once. */
  alarm(scope: Construct, id: string, { metric, impact, runbook, above = 0 }: AlarmProps): void {
    const alarm = new Alarm(scope, id, {
      metric,
      alarmDescription: `${impact} Runbook: docs/runbooks.md#${runbook}`,
      threshold: above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
  }

  /** Tells the operators when the metric was 0, or missing, in each of the last periods. */
  alarmOnAbsence(scope: Construct, id: string, props: AbsenceProps): void {
    const alarm = new Alarm(scope, id, {
      metric: props.metric,
      alarmDescription: `${props.impact} Runbook: docs/runbooks.md#${props.runbook}`,
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: props.periods,
      treatMissingData: TreatMissingData.BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
  }
}
