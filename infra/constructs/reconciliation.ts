import { Duration } from "aws-cdk-lib";
import { Grant } from "aws-cdk-lib/aws-iam";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { Construct } from "constructs";
import { PRICES_FILE } from "../../shared/pricing/price-settings.ts";
import type { CostReports } from "./cost-reports.ts";
import type { EncryptionKey } from "./encryption-key.ts";
import type { ScheduledRuns } from "./scheduled-runs.ts";
import { type FunctionPlatform, ServiceFunction } from "./service-function.ts";
import type { Tables } from "./tables.ts";

export type ReconciliationProps = {
  readonly platform: FunctionPlatform;
  readonly tables: Tables;
  readonly encryptionKey: EncryptionKey;
  readonly scheduledRuns: ScheduledRuns;
  /** Its bucket takes the comparison, beside the month's costs. */
  readonly reports: CostReports;
  /** JSON of the `PriceSettings`. */
  readonly prices: string;
  /** Six cron fields, UTC. */
  readonly cron: string;
};

/** Reconcile: holds the ledger against what providers and invoices say, and tells of what is missing. */
export class Reconciliation extends Construct {
  constructor(scope: Construct, id: string, props: ReconciliationProps) {
    super(scope, id);
    const { platform, reports, encryptionKey } = props;
    const { ledger, insights, directory } = props.tables;
    const { topic } = platform.operations;
    const reconcile = new ServiceFunction(this, "ReconcileUsage", {
      platform,
      name: "reconcile-usage",
      environment: {
        LEDGER_TABLE_NAME: ledger.tableName,
        INSIGHTS_TABLE_NAME: insights.tableName,
        DIRECTORY_TABLE_NAME: directory.tableName,
        REPORT_BUCKET_NAME: reports.bucketName,
        OPERATIONS_TOPIC_ARN: topic.topicArn,
      },
      files: { [PRICES_FILE]: props.prices },
      impact: "Nobody is told of telemetry that fell silent, or of spend that only providers saw.",
      size: { memoryMb: 512, timeout: Duration.minutes(5) },
      failedEvents: props.scheduledRuns.failedRuns,
    }).function;
    ledger.grantRead(reconcile);
    insights.grantRead(reconcile);
    directory.grantReadPeople(reconcile);
    reports.grantWrite(reconcile, "comparison with providers");
    Grant.addToPrincipal({
      grantee: reconcile,
      actions: ["sns:Publish"],
      resourceArns: [topic.topicArn],
    }).assertSuccess();
    encryptionKey.grantPublish(reconcile);
    props.scheduledRuns.run(this, "Nightly", {
      function: reconcile,
      schedule: ScheduleExpression.expression(`cron(${props.cron})`),
      description: "Compares the ledger with what providers and invoices say",
    });
  }
}
