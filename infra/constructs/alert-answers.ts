import { Duration, type RemovalPolicy } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import type { InsightsTable } from "./insights-table.ts";
import { GeneratedSecret } from "./secrets.ts";
import type { SenderApi } from "./sender-api.ts";
import { type FunctionPlatform, ServiceFunction } from "./service-function.ts";

export type AlertAnswersProps = {
  readonly platform: FunctionPlatform;
  readonly api: SenderApi;
  readonly insights: InsightsTable;
  readonly removalPolicy: RemovalPolicy;
};

const PATH = "/v1/alerts/";

/** Answer: the page that a link in an alert's message leads to, and the secret that signs such links. */
export class AlertAnswers extends Construct {
  /** What whoever signs links has to be told. */
  readonly environment: Readonly<Record<"ANSWER_URL" | "ANSWER_LINK_SECRET_ARN", string>>;
  readonly #linkSecret: GeneratedSecret;

  constructor(scope: Construct, id: string, props: AlertAnswersProps) {
    super(scope, id);
    const { platform, api, insights, removalPolicy } = props;
    this.#linkSecret = new GeneratedSecret(this, "LinkSecret", {
      description: "Outpace: the secret that signs the links in alerts",
      removalPolicy,
      notRotated:
        "Another secret ends the links in messages that are out: whoever needs that does it by hand, see docs/security.md.",
    });
    const answer = new ServiceFunction(this, "AnswerAlert", {
      platform,
      name: "answer-alert",
      environment: {
        INSIGHTS_TABLE_NAME: insights.tableName,
        ANSWER_LINK_SECRET_ARN: this.#linkSecret.arn,
      },
      impact: "Budget owners cannot answer an alert from its message.",
    }).function;
    insights.grantAnswer(answer);
    this.#linkSecret.grantRead(answer);
    api.linked(`${PATH}{link}`, answer);
    platform.operations.alarm(this, "AnswersFailed", {
      metric: new Metric({
        namespace: "Outpace",
        metricName: "AnswersFailed",
        period: Duration.minutes(15),
        statistic: "Sum",
      }),
      impact: "Budget owners could not answer an alert from its message.",
      runbook: "an-alert-cannot-be-answered",
    });
    this.environment = {
      ANSWER_URL: `${api.url}${PATH}`,
      ANSWER_LINK_SECRET_ARN: this.#linkSecret.arn,
    };
  }

  /** Allows signing links. */
  grantSign(grantee: IGrantable): void {
    this.#linkSecret.grantRead(grantee);
  }
}
