import { Duration } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { Grant } from "aws-cdk-lib/aws-iam";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { Construct } from "constructs";
import type { GithubReconciler } from "../config/outcome-sources.ts";
import type { ScheduledRuns } from "./scheduled-runs.ts";
import { type FunctionPlatform, ServiceFunction } from "./service-function.ts";

export type GithubReconciliationProps = {
  readonly platform: FunctionPlatform;
  readonly scheduledRuns: ScheduledRuns;
  readonly reconciler: GithubReconciler;
};

/** Outcomes: asks GitHub every hour for the deliveries that did not arrive. */
export class GithubReconciliation extends Construct {
  constructor(scope: Construct, id: string, props: GithubReconciliationProps) {
    super(scope, id);
    const { platform, scheduledRuns, reconciler } = props;
    const reconcile = new ServiceFunction(this, "ReconcileGithub", {
      platform,
      name: "reconcile-github",
      environment: {
        GITHUB_API_URL: reconciler.apiUrl,
        GITHUB_HOOKS: JSON.stringify(reconciler.hooks),
        GITHUB_TOKEN_SECRET_ARN: reconciler.tokenSecretArn,
      },
      impact:
        "Deliveries of GitHub that failed are not asked for again, and are lost in three days.",
      size: { memoryMb: 256, timeout: Duration.minutes(5) },
      failedEvents: scheduledRuns.failedRuns,
    }).function;
    Grant.addToPrincipal({
      grantee: reconcile,
      actions: ["secretsmanager:GetSecretValue"],
      resourceArns: [reconciler.tokenSecretArn],
    }).assertSuccess();
    scheduledRuns.run(this, "Hourly", {
      function: reconcile,
      schedule: ScheduleExpression.rate(Duration.hours(1)),
      description: "Asks GitHub again for webhook deliveries that failed",
    });
    platform.operations.alarm(this, "Overdue", {
      metric: new Metric({
        namespace: "Outpace",
        metricName: "GithubDeliveriesOverdue",
        period: Duration.hours(1),
        statistic: "Maximum",
      }),
      impact:
        "A delivery of GitHub has failed for 48 hours, asked for again or not: in a day it is lost, and with it delivered work.",
      runbook: "a-github-delivery-keeps-failing",
    });
  }
}
