import { Duration } from "aws-cdk-lib";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { Construct } from "constructs";
import type { ScheduledRuns } from "./scheduled-runs.ts";
import { type FunctionPlatform, ServiceFunction } from "./service-function.ts";
import type { Tables } from "./tables.ts";

export type ScoringProps = {
  readonly platform: FunctionPlatform;
  readonly tables: Tables;
  readonly scheduledRuns: ScheduledRuns;
  /** JSON of the `Settings`. */
  readonly settings: string;
  /** Six cron fields, UTC. */
  readonly cron: string;
};

/** Score: compares cost with delivered work, every night, and records the alerts. */
export class Scoring extends Construct {
  constructor(scope: Construct, id: string, props: ScoringProps) {
    super(scope, id);
    const { ledger, insights, directory } = props.tables;
    const score = new ServiceFunction(this, "ScoreSessions", {
      platform: props.platform,
      name: "score-sessions",
      environment: {
        LEDGER_TABLE_NAME: ledger.tableName,
        INSIGHTS_TABLE_NAME: insights.tableName,
        DIRECTORY_TABLE_NAME: directory.tableName,
        OUTPACE_SETTINGS: props.settings,
      },
      impact:
        "Nothing was scored last night: budget owners get no alert about the last seven days.",
      // A night holds thirteen weeks of everybody.
      size: { memoryMb: 3_008, timeout: Duration.minutes(15) },
      failedEvents: props.scheduledRuns.failedRuns,
    }).function;
    ledger.grantRead(score);
    insights.grantDerive(score);
    directory.grantReadPeople(score);
    props.scheduledRuns.run(this, "Nightly", {
      function: score,
      schedule: ScheduleExpression.expression(`cron(${props.cron})`),
      description: "Scores sessions and people, and records alerts",
    });
  }
}
