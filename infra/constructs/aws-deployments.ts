import { Duration, Stack } from "aws-cdk-lib";
import { type EventPattern, Rule } from "aws-cdk-lib/aws-events";
import { LambdaFunction as LambdaTarget } from "aws-cdk-lib/aws-events-targets";
import { Grant } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { AwsDeploymentSources } from "../config/outcome-sources.ts";
import { FailureQueue } from "./failure-queue.ts";
import type { LedgerTable } from "./ledger-table.ts";
import { type FunctionPlatform, ServiceFunction } from "./service-function.ts";

export type AwsDeploymentsProps = {
  readonly platform: FunctionPlatform;
  readonly ledger: LedgerTable;
  readonly sources: AwsDeploymentSources;
  /** What production is called: the name that these deployments are recorded under. */
  readonly productionEnvironment: string;
};

/** Outcomes of CodePipeline and CodeDeploy: EventBridge tells of them, in this account and Region. */
export class AwsDeployments extends Construct {
  constructor(scope: Construct, id: string, props: AwsDeploymentsProps) {
    super(scope, id);
    const { platform, ledger, sources } = props;
    const failures = new FailureQueue(this, "FailedEvents", {
      operations: platform.operations,
      impact:
        "A deployment was not recorded: delivered work is too low until it is, and people may be reported as wasteful who are not.",
      runbook: "a-deployment-was-not-recorded",
      filledBy: "EventBridge and Lambda send it the events of deployments that kept failing",
    });
    const record = new ServiceFunction(this, "RecordDeployments", {
      platform,
      name: "record-deployments",
      environment: {
        LEDGER_TABLE_NAME: ledger.tableName,
        PRODUCTION_ENVIRONMENT: props.productionEnvironment,
      },
      impact: "Deployments are not recorded: people may be reported as wasteful who are not.",
      failedEvents: failures.queue,
    }).function;
    ledger.grantAppendOutcomes(record);
    this.#addPipelines(record, failures, sources);
    this.#addDeploymentGroups(record, failures, sources);
  }

  #addPipelines(
    record: LambdaFunction,
    failures: FailureQueue,
    { pipelines }: AwsDeploymentSources,
  ): void {
    if (pipelines.length === 0) {
      return;
    }
    this.#allow(
      record,
      "codepipeline:GetPipelineExecution",
      pipelines.map(({ name }) =>
        Stack.of(this).formatArn({ service: "codepipeline", resource: name }),
      ),
    );
    this.#addRule("Pipelines", record, failures, {
      source: ["aws.codepipeline"],
      detailType: ["CodePipeline Action Execution State Change"],
      detail: {
        state: ["SUCCEEDED"],
        type: { category: ["Deploy"] },
        ...oneOf(pipelines.map(({ name, stages }) => ({ pipeline: [name], stage: stages }))),
      },
    });
  }

  #addDeploymentGroups(
    record: LambdaFunction,
    failures: FailureQueue,
    { deploymentGroups }: AwsDeploymentSources,
  ): void {
    if (deploymentGroups.length === 0) {
      return;
    }
    this.#allow(
      record,
      "codedeploy:GetDeployment",
      deploymentGroups.map(({ application, name }) =>
        Stack.of(this).formatArn({
          service: "codedeploy",
          resource: `deploymentgroup:${application}`,
          resourceName: name,
        }),
      ),
    );
    this.#addRule("DeploymentGroups", record, failures, {
      source: ["aws.codedeploy"],
      detailType: ["CodeDeploy Deployment State-change Notification"],
      detail: {
        state: ["SUCCESS"],
        ...oneOf(
          deploymentGroups.map(({ application, name }) => ({
            application: [application],
            deploymentGroup: [name],
          })),
        ),
      },
    });
  }

  #allow(record: LambdaFunction, action: string, resourceArns: string[]): void {
    Grant.addToPrincipal({ grantee: record, actions: [action], resourceArns }).assertSuccess();
  }

  #addRule(
    id: string,
    record: LambdaFunction,
    failures: FailureQueue,
    eventPattern: EventPattern,
  ): void {
    new Rule(this, id, {
      description: "Outpace: deployments to production that have succeeded",
      eventPattern,
      targets: [
        new LambdaTarget(record, {
          deadLetterQueue: failures.queue,
          maxEventAge: Duration.hours(24),
          retryAttempts: 185,
        }),
      ],
    });
  }
}

type Pattern = Readonly<Record<string, readonly string[]>>;

/** EventBridge takes a choice between two patterns or more only. */
function oneOf(patterns: readonly Pattern[]): Pattern | { readonly $or: readonly Pattern[] } {
  const [only, ...others] = patterns;
  return only !== undefined && others.length === 0 ? only : { $or: patterns };
}
