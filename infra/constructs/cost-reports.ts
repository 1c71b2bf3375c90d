import { Duration } from "aws-cdk-lib";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { Construct } from "constructs";
import { PRICES_FILE } from "../../shared/pricing/price-settings.ts";
import { grantBelow, type PrivateBucketProps, privateBucket } from "./private-bucket.ts";
import type { ScheduledRuns } from "./scheduled-runs.ts";
import { type FunctionPlatform, ServiceFunction } from "./service-function.ts";
import type { Tables } from "./tables.ts";

export type CostReportsProps = {
  readonly platform: FunctionPlatform;
  readonly tables: Tables;
  readonly scheduledRuns: ScheduledRuns;
  readonly bucket: PrivateBucketProps;
  /** JSON of the `Settings`. */
  readonly settings: string;
  /** JSON of the `PriceSettings`. */
  readonly prices: string;
  /** Six cron fields each, UTC. */
  readonly crons: { readonly monthToDate: string; readonly previousMonth: string };
};

/** Report: what each month cost, as files that finance pulls from a bucket. */
export class CostReports extends Construct {
  readonly #bucket: Bucket;

  constructor(scope: Construct, id: string, props: CostReportsProps) {
    super(scope, id);
    const { ledger, insights, directory } = props.tables;
    this.#bucket = privateBucket(this, "Reports", props.bucket);
    const report = new ServiceFunction(this, "ReportCosts", {
      platform: props.platform,
      name: "report-costs",
      environment: {
        LEDGER_TABLE_NAME: ledger.tableName,
        INSIGHTS_TABLE_NAME: insights.tableName,
        DIRECTORY_TABLE_NAME: directory.tableName,
        REPORT_BUCKET_NAME: this.bucketName,
        OUTPACE_SETTINGS: props.settings,
      },
      files: { [PRICES_FILE]: props.prices },
      impact:
        "A cost report was not written: finance finds yesterday's figures, or no month close.",
      size: { memoryMb: 512, timeout: Duration.minutes(5) },
      failedEvents: props.scheduledRuns.failedRuns,
    }).function;
    ledger.grantRead(report);
    insights.grantRead(report);
    directory.grantReadPeople(report);
    this.grantWrite(report, "cost report");
    props.scheduledRuns.run(this, "MonthToDate", {
      function: report,
      schedule: ScheduleExpression.expression(`cron(${props.crons.monthToDate})`),
      description: "Writes the provisional report of the month so far",
      input: { period: "month-to-date" },
    });
    props.scheduledRuns.run(this, "PreviousMonth", {
      function: report,
      schedule: ScheduleExpression.expression(`cron(${props.crons.previousMonth})`),
      description: "Writes the report of the month that has ended",
      input: { period: "previous-month" },
    });
  }

  get bucketName(): string {
    return this.#bucket.bucketName;
  }

  /** @param what One of the objects that it writes. */
  grantWrite(grantee: LambdaFunction, what: string): void {
    grantBelow(this.#bucket, grantee, {
      action: "s3:PutObject",
      prefix: "reports/",
      reason: `Each ${what} is a new object: any below reports/ of this one bucket may be written, nothing else, and none may be read or deleted.`,
    });
  }
}
