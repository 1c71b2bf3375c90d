import { Duration } from "aws-cdk-lib";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { Construct } from "constructs";
import { PRICES_FILE } from "../../shared/pricing/price-settings.ts";
import type { ScheduledRuns } from "./scheduled-runs.ts";
import { type FunctionPlatform, ServiceFunction } from "./service-function.ts";
import type { Tables } from "./tables.ts";

export type RepricingProps = {
  readonly platform: FunctionPlatform;
  readonly tables: Tables;
  readonly scheduledRuns: ScheduledRuns;
  /** JSON of the `Settings`. */
  readonly settings: string;
  /** JSON of the `PriceSettings`. */
  readonly prices: string;
  /** Six cron fields, UTC. */
  readonly cron: string;
};

/** Re-price: works out again, every night, what older prices have priced, or fewer names of a person. */
export class Repricing extends Construct {
  constructor(scope: Construct, id: string, props: RepricingProps) {
    super(scope, id);
    const { ledger, insights, directory } = props.tables;
    const reprice = new ServiceFunction(this, "RepriceRollUps", {
      platform: props.platform,
      name: "reprice-roll-ups",
      environment: {
        LEDGER_TABLE_NAME: ledger.tableName,
        INSIGHTS_TABLE_NAME: insights.tableName,
        DIRECTORY_TABLE_NAME: directory.tableName,
        OUTPACE_SETTINGS: props.settings,
      },
      files: { [PRICES_FILE]: props.prices },
      impact:
        "Some days are still by older prices, or by names that the directory has joined since: reports and alerts do not show the latest ones.",
      size: { memoryMb: 512, timeout: Duration.minutes(15) },
      failedEvents: props.scheduledRuns.failedRuns,
    }).function;
    ledger.grantRead(reprice);
    insights.grantDerive(reprice);
    directory.grantReadPeople(reprice);
    props.scheduledRuns.run(this, "Nightly", {
      function: reprice,
      schedule: ScheduleExpression.expression(`cron(${props.cron})`),
      description: "Prices again what older prices have priced",
    });
  }
}
