import { readFileSync } from "node:fs";
import { Match, type Template } from "aws-cdk-lib/assertions";
import { beforeAll, describe, expect, test } from "vitest";
import type { ConfigurationFile } from "../../../infra/config/configuration.ts";
import {
  FUNCTION_NAMES,
  functionIn,
  functionsOf,
  type Properties,
  templateOf,
} from "../../support/outpace-template.ts";

const CLAUDE_CODE = { id: "claude-code", source: "anthropic-claude-code" } as const;
const COSTS = { id: "costs", source: "anthropic-costs" } as const;
const HOOKS = {
  hooks: ["orgs/acme/hooks/1"],
  tokenSecretArn: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:github-AbCdEf",
};
const PIPELINES = { pipelines: [{ name: "widgets-prod", stages: ["Prod"] }] };

let template: Template;
let alarms: readonly Properties[];

beforeAll(() => {
  template = templateOf();
  alarms = Object.values(template.findResources("AWS::CloudWatch::Alarm")).map(
    ({ Properties }) => Properties,
  );
});

describe("Operations", () => {
  test.each(FUNCTION_NAMES)("errors of %s tell the operators", (name) => {
    const id = functionsOf(template).get(name)?.id ?? "missing";

    const alarm = alarms.find(
      ({ MetricName, Dimensions }) => MetricName === "Errors" && Dimensions[0].Value.Ref === id,
    );

    expect(alarm?.["AlarmActions"]).toEqual([{ Ref: "OperationsTopic6D6844EA" }]);
  });

  test("whatever is in a dead-letter queue tells the operators", () => {
    const watched = alarms
      .filter(({ MetricName }) => MetricName === "ApproximateNumberOfMessagesVisible")
      .map(({ Dimensions }) => Dimensions[0].Value["Fn::GetAtt"][0]);

    const deadLetterQueues = Object.keys(
      template.findResources("AWS::SQS::Queue", {
        Properties: { RedrivePolicy: Match.absent() },
      }),
    );
    expect(new Set(watched)).toEqual(new Set(deadLetterQueues));
    expect(watched).toHaveLength(4);
  });

  test.each(["Quarantined", "UnpricedCalls", "AlertsUncertain"])(
    "the functions' own count of %s tells the operators above zero",
    (metric) => {
      template.hasResourceProperties("AWS::CloudWatch::Alarm", {
        Namespace: "Outpace",
        MetricName: metric,
        Dimensions: Match.absent(),
        Statistic: "Sum",
        Threshold: 0,
        ComparisonOperator: "GreaterThanThreshold",
      });
    },
  );

  test("senders that are asked to send again tell the operators, as no function fails then", () => {
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      Namespace: "AWS/ApiGateway",
      MetricName: "5xx",
      Threshold: 20,
      Period: 300,
    });
  });

  test("a directory file that was refused tells the operators, by the line in the log", () => {
    template.hasResourceProperties("AWS::Logs::MetricFilter", {
      LogGroupName: functionIn(template, "import-drops")["LoggingConfig"].LogGroup,
      FilterPattern: '{ $.message.drop = "refused" }',
      MetricTransformations: [
        Match.objectLike({ MetricNamespace: "Outpace", MetricName: "DropsRefused" }),
      ],
    });
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      Namespace: "Outpace",
      MetricName: "DropsRefused",
    });
  });

  test("no alarm sounds for want of traffic", () => {
    expect(new Set(alarms.map(({ TreatMissingData }) => TreatMissingData))).toEqual(
      new Set(["notBreaching"]),
    );
  });

  test("every alarm says what it means for a person, and names a runbook that exists", () => {
    const anchors = readFileSync("docs/runbooks.md", "utf8")
      .split("\n")
      .filter((line) => line.startsWith("## "))
      .map((line) =>
        line
          .slice(3)
          .toLowerCase()
          .replaceAll(/[^a-z\d -]/g, "")
          .replaceAll(" ", "-"),
      );

    for (const { AlarmDescription } of alarms) {
      const [, impact = "", anchor = ""] =
        /^(.+\.) Runbook: docs\/runbooks\.md#(\S+)$/.exec(AlarmDescription) ?? [];
      expect(impact.length).toBeGreaterThan(20);
      expect(anchors).toContain(anchor);
    }
    // As the cost in docs/deploy.md has it.
    expect(alarms).toHaveLength(22);
  });

  test.each<[string, Partial<ConfigurationFile>, number, number]>([
    ["a collector", { collectors: [CLAUDE_CODE] }, 2, 1],
    ["a further collector", { collectors: [CLAUDE_CODE, COSTS] }, 3, 1],
    ["GitLab", { outcomeSources: { gitlab: true } }, 0, 1],
    ["Jira", { outcomeSources: { jira: {} } }, 0, 1],
    ["redelivery by GitHub", { outcomeSources: { githubReconciler: HOOKS } }, 2, 0],
    ["deployments by AWS", { outcomeSources: { awsDeployments: PIPELINES } }, 2, 0],
  ])(
    "%s adds the alarms and secrets that docs/deploy.md says",
    (_, configured, addedAlarms, addedSecrets) => {
      const added = templateOf(configured);
      const count = (type: string) =>
        Object.keys(added.findResources(type)).length -
        Object.keys(template.findResources(type)).length;

      expect(count("AWS::CloudWatch::Alarm")).toBe(addedAlarms);
      expect(count("AWS::SecretsManager::Secret")).toBe(addedSecrets);
    },
  );

  test("alarms may publish to the encrypted topic: CloudWatch may use the key", () => {
    template.hasResourceProperties("AWS::KMS::Key", {
      KeyPolicy: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
            Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
          }),
        ]),
      }),
    });
  });
});

describe("ServiceFunction", () => {
  test.each(FUNCTION_NAMES)(
    "%s runs on Node 24 and arm64, and its log is JSON that does not stay for ever",
    (name) => {
      const properties = functionIn(template, name);
      const log =
        template.findResources("AWS::Logs::LogGroup")[properties["LoggingConfig"].LogGroup.Ref];

      expect(properties).toMatchObject({
        Runtime: "nodejs24.x",
        Architectures: ["arm64"],
        LoggingConfig: { LogFormat: "JSON" },
      });
      expect(properties["TracingConfig"]).toBeUndefined();
      expect(log?.["Properties"].RetentionInDays).toBe(30);
    },
  );

  test("a function that answers HTTP ends before the API gives up on it, after 30 seconds", () => {
    for (const name of ["authorize-sender", "ingest-usage", "ingest-outcomes"]) {
      expect(functionsOf(template).get(name)?.properties["Timeout"]).toBeLessThan(30);
    }
  });
});
