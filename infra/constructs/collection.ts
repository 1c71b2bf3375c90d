import { Duration, type RemovalPolicy } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { Grant } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { Construct } from "constructs";
import type { CollectorSettings } from "../../shared/collect/collector-settings.ts";
import { type CollectedProvider, SOURCE_TRAITS } from "../../shared/collect/source-traits.ts";
import type { LedgerTable } from "./ledger-table.ts";
import type { ScheduledRuns } from "./scheduled-runs.ts";
import { GeneratedSecret } from "./secrets.ts";
import { type FunctionPlatform, ServiceFunction } from "./service-function.ts";

export type CollectionProps = {
  readonly platform: FunctionPlatform;
  readonly ledger: LedgerTable;
  readonly pseudonymKey: GeneratedSecret;
  readonly scheduledRuns: ScheduledRuns;
  /** At least one. */
  readonly collectors: readonly CollectorSettings[];
  readonly removalPolicy: RemovalPolicy;
};

/** The periods of the alarm: 24 hours in all. */
const PERIOD = Duration.hours(6);
const PERIODS = 4;

/** Collect: reads what providers report of usage and cost, by the clock, into the ledger. */
export class Collection extends Construct {
  /** ARNs of the secrets that operators fill with the providers' keys. */
  readonly keySecretArns = new Map<CollectedProvider, string>();

  constructor(scope: Construct, id: string, props: CollectionProps) {
    super(scope, id);
    const deployed = props.collectors.map(({ schedule, ...collector }) => ({
      ...collector,
      secretArn: collector.secretArn ?? this.#keySecretOf(collector, props.removalPolicy),
    }));
    const collect = new ServiceFunction(this, "CollectUsage", {
      platform: props.platform,
      name: "collect-usage",
      environment: {
        LEDGER_TABLE_NAME: props.ledger.tableName,
        PSEUDONYM_SECRET_ARN: props.pseudonymKey.arn,
        COLLECTORS: JSON.stringify(deployed),
      },
      impact:
        "A provider's report was not read: what only that report shows is missing from costs, and nothing checks the telemetry.",
      size: { memoryMb: 512, timeout: Duration.minutes(15) },
      failedEvents: props.scheduledRuns.failedRuns,
    }).function;
    props.ledger.grantCollect(collect);
    props.pseudonymKey.grantRead(collect);
    grantSecrets(collect, new Set(deployed.map(({ secretArn }) => secretArn)));
    for (const collector of props.collectors) {
      this.#schedule(collector, collect, props);
    }
  }

  /** One secret for all collectors of a provider that name none. */
  #keySecretOf({ source }: CollectorSettings, removalPolicy: RemovalPolicy): string {
    const { provider } = SOURCE_TRAITS[source];
    const arn =
      this.keySecretArns.get(provider) ??
      new GeneratedSecret(this, `${provider}Key`, {
        description: `Outpace: the key for ${provider}'s reports; put it in place of the made-up text`,
        removalPolicy,
        notRotated: "The provider issues the key, and has no rotation call: see the runbook.",
      }).arn;
    this.keySecretArns.set(provider, arn);
    return arn;
  }

  #schedule(
    { id, source, schedule }: CollectorSettings,
    collect: LambdaFunction,
    { scheduledRuns, platform }: CollectionProps,
  ): void {
    scheduledRuns.run(this, `Run-${id}`, {
      function: collect,
      schedule: ScheduleExpression.expression(`cron(${schedule ?? SOURCE_TRAITS[source].cron})`),
      description: `Reads ${source}`,
      input: { collector: id },
    });
    platform.operations.alarmOnAbsence(this, `Behind-${id}`, {
      metric: new Metric({
        namespace: "Outpace",
        metricName: "CollectorFinished",
        dimensionsMap: { Collector: id },
        period: PERIOD,
        statistic: "Sum",
      }),
      periods: PERIODS,
      impact: `The collector ${id} has not finished for 24 hours: its provider's figures are out of date.`,
      runbook: "a-collector-fails",
    });
  }
}

function grantSecrets(grantee: LambdaFunction, arns: ReadonlySet<string>): void {
  Grant.addToPrincipal({
    grantee,
    actions: ["secretsmanager:GetSecretValue"],
    resourceArns: [...arns],
  }).assertSuccess();
}
