import { Match, type Template } from "aws-cdk-lib/assertions";
import { beforeAll, describe, expect, test } from "vitest";
import { parseConfiguration } from "../../../infra/config/configuration.ts";
import {
  aConfigurationFile,
  functionIn,
  functionsOf,
  statementsOf,
  templateOf,
} from "../../support/outpace-template.ts";

const TOKEN_ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:github-AbCdEf";
const RECONCILER = { hooks: ["repos/acme/widgets/hooks/12345678"], tokenSecretArn: TOKEN_ARN };

let template: Template;

beforeAll(() => {
  template = templateOf({ outcomeSources: { githubReconciler: RECONCILER } });
});

describe("GithubReconciliation", () => {
  test("nothing of it is deployed unless it is configured", () => {
    expect([...functionsOf(templateOf()).keys()]).not.toContain("reconcile-github");
  });

  test("runs every hour", () => {
    template.hasResourceProperties("AWS::Scheduler::Schedule", {
      ScheduleExpression: "rate(1 hour)",
      Target: Match.objectLike({
        Arn: { "Fn::GetAtt": [functionsOf(template).get("reconcile-github")?.id, "Arn"] },
      }),
    });
  });

  test("may read its token, and nothing else", () => {
    expect(
      statementsOf(template, "reconcile-github").map(({ Action, Resource }) => [Action, Resource]),
    ).toEqual([
      ["sqs:SendMessage", expect.anything()],
      ["secretsmanager:GetSecretValue", TOKEN_ARN],
    ]);
  });

  test("knows the secret by its name only, and GitHub's own API unless told otherwise", () => {
    expect(functionIn(template, "reconcile-github")["Environment"].Variables).toMatchObject({
      GITHUB_API_URL: "https://api.github.com",
      GITHUB_HOOKS: '["repos/acme/widgets/hooks/12345678"]',
      GITHUB_TOKEN_SECRET_ARN: TOKEN_ARN,
    });
  });

  test("a delivery that has failed for 48 hours raises an alarm", () => {
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      MetricName: "GithubDeliveriesOverdue",
      Namespace: "Outpace",
      AlarmDescription: Match.stringLikeRegexp("runbooks.md#a-github-delivery-keeps-failing"),
    });
  });

  test.each([
    ["a hook that is no path of GitHub's", { hooks: ["https://example.com"] }],
    ["no hook", { hooks: [] }],
    ["an API that is not encrypted", { apiUrl: "http://github.example.com/api/v3" }],
    ["a token in place of its secret", { tokenSecretArn: "github_pat_canary" }],
  ])("%s is refused", (_, overrides) => {
    const file = aConfigurationFile({
      outcomeSources: { githubReconciler: { ...RECONCILER, ...overrides } },
    });

    expect(() => parseConfiguration(file, "test")).toThrow("outcomeSources.githubReconciler");
    expect(() => parseConfiguration(file, "test")).not.toThrow("canary");
  });
});
