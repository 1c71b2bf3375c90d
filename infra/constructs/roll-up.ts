import { Duration } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { USAGE_PREFIX } from "../../shared/ledger/segment.ts";
import { PRICES_FILE } from "../../shared/pricing/price-settings.ts";
import { FailureQueue } from "./failure-queue.ts";
import { type FunctionPlatform, ServiceFunction } from "./service-function.ts";
import { consumeStream } from "./stream-consumer.ts";
import type { Tables } from "./tables.ts";

export type RollUpProps = {
  readonly platform: FunctionPlatform;
  readonly tables: Tables;
  /** JSON of the `Settings`. */
  readonly settings: string;
  /** JSON of the `PriceSettings`. */
  readonly prices: string;
};

/** Roll up: recomputes the sums of each person and day that the ledger says has changed. */
export class RollUp extends Construct {
  constructor(scope: Construct, id: string, props: RollUpProps) {
    super(scope, id);
    const { platform, settings } = props;
    const { ledger, insights, directory } = props.tables;
    const rollUp = new ServiceFunction(this, "RollUp", {
      platform,
      name: "roll-up",
      environment: {
        LEDGER_TABLE_NAME: ledger.tableName,
        INSIGHTS_TABLE_NAME: insights.tableName,
        DIRECTORY_TABLE_NAME: directory.tableName,
        OUTPACE_SETTINGS: settings,
      },
      files: { [PRICES_FILE]: props.prices },
      impact: "Costs are out of date, and budget owners get no alert about a running session.",
      size: { memoryMb: 512, timeout: Duration.seconds(60) },
    }).function;
    ledger.grantRead(rollUp);
    insights.grantDerive(rollUp);
    directory.grantReadPeople(rollUp);
    consumeStream(this, "LedgerChanges", {
      streamArn: ledger.streamArn,
      consumer: rollUp,
      filter: { dynamodb: { Keys: { pk: { S: [{ prefix: USAGE_PREFIX }] } } } },
      batchSize: 1000,
      window: Duration.seconds(5),
      failures: new FailureQueue(this, "FailedChanges", {
        operations: platform.operations,
        impact: "Some costs were not summed up: reports and alerts about those days are too low.",
        runbook: "a-ledger-change-was-not-rolled-up",
        filledBy: "Lambda sends it the positions of ledger changes that roll-up kept failing on",
      }),
    });
    this.#addAlarms(rollUp, platform);
  }

  #addAlarms(rollUp: LambdaFunction, { operations }: FunctionPlatform): void {
    operations.alarm(this, "Behind", {
      metric: rollUp.metric("IteratorAge", { period: Duration.minutes(5), statistic: "Maximum" }),
      above: Duration.minutes(15).toMilliseconds(),
      impact: "Costs are more than 15 minutes old: alerts about running sessions come late.",
      runbook: "roll-ups-are-behind",
    });
    operations.alarm(this, "UnpricedCalls", {
      metric: new Metric({
        namespace: "Outpace",
        metricName: "UnpricedCalls",
        period: Duration.hours(1),
        statistic: "Sum",
      }),
      impact: "Calls to a model without a price: their cost is in no report and no alert.",
      runbook: "calls-have-no-price",
    });
  }
}
