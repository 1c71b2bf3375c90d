import { Match, type Template } from "aws-cdk-lib/assertions";
import { AwsSolutionsChecks } from "cdk-nag";
import { beforeAll, describe, expect, test } from "vitest";
import type { ConfigurationFile } from "../../../infra/config/configuration.ts";
import {
  appOf,
  functionIn,
  functionsOf,
  statementsOf,
  templateOf,
} from "../../support/outpace-template.ts";

const OWN_SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:anthropic-AbCdEf";
const COLLECTORS: NonNullable<ConfigurationFile["collectors"]> = [
  { id: "claude-code", source: "anthropic-claude-code" },
  { id: "second", source: "anthropic-claude-code", schedule: "0 4 * * ? *" },
  { id: "other-org", source: "anthropic-claude-code", secretArn: OWN_SECRET },
];

let template: Template;

beforeAll(() => {
  template = templateOf({ collectors: COLLECTORS });
});

describe("Collection", () => {
  test("is not there unless a collector is configured", () => {
    expect(functionsOf(templateOf()).has("collect-usage")).toBe(false);
  });

  test.each([
    ["claude-code", "cron(12 * * * ? *)"],
    ["second", "cron(0 4 * * ? *)"],
    ["other-org", "cron(12 * * * ? *)"],
  ])("runs %s at %s and says which one is meant", (collector, expression) => {
    template.hasResourceProperties("AWS::Scheduler::Schedule", {
      ScheduleExpression: expression,
      Target: Match.objectLike({
        Input: Match.serializedJson({
          scheduledTime: "<aws.scheduler.scheduled-time>",
          collector,
        }),
      }),
    });
  });

  test.each(COLLECTORS)("tells the operators if $id has not finished for 24 hours", ({ id }) => {
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      Namespace: "Outpace",
      MetricName: "CollectorFinished",
      Dimensions: [{ Name: "Collector", Value: id }],
      Period: 6 * 3600,
      EvaluationPeriods: 4,
      Threshold: 1,
      ComparisonOperator: "LessThanThreshold",
      TreatMissingData: "breaching",
      AlarmDescription: Match.stringLikeRegexp("docs/runbooks.md#a-collector-fails$"),
    });
  });

  test("may append to the ledger, look at it, and read the secrets that are configured, no others", () => {
    const statements = statementsOf(template, "collect-usage").filter(
      ({ Action }) => ![Action].flat().some((action) => action.startsWith("sqs:")),
    );

    expect(statements.map(({ Action }) => Action)).toEqual([
      ["dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"],
      "secretsmanager:GetSecretValue",
    ]);
    expect(statements.at(-1)?.Resource).toEqual([
      OWN_SECRET,
      { Ref: expect.stringMatching(/^CollectionanthropicKey/) },
      { Ref: expect.stringMatching(/^PseudonymKey/) },
    ]);
  });

  test("makes one secret for collectors of a provider that name none, and says where it is", () => {
    const secrets = Object.keys(template.findResources("AWS::SecretsManager::Secret"));

    expect(secrets.filter((id) => id.startsWith("Collection"))).toHaveLength(1);
    template.hasOutput("AnthropicKeySecretArn", {
      Value: { Ref: Match.stringLikeRegexp("^CollectionanthropicKey") },
    });
  });

  test("keeps a run that fails for good", () => {
    expect(functionIn(template, "collect-usage")["DeadLetterConfig"]).toBeDefined();
  });

  test("passes the AwsSolutions rules", () => {
    const { app, stack } = appOf({ collectors: COLLECTORS }, { checks: true });
    app.synth();

    expect(new AwsSolutionsChecks().validateScope(stack).violations).toEqual([]);
  });
});
