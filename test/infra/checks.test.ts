import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Validations } from "aws-cdk-lib";
import { Bucket } from "aws-cdk-lib/aws-s3";
import type { CfnTopic } from "aws-cdk-lib/aws-sns";
import { AwsSolutionsChecks } from "cdk-nag";
import type { IConstruct } from "constructs";
import { describe, expect, test } from "vitest";
import type { ConfigurationFile } from "../../infra/config/configuration.ts";
import { appOf } from "../support/outpace-template.ts";

/** Everything that can be configured is. */
const ALL_SOURCES: ConfigurationFile["outcomeSources"] = {
  gitlab: true,
  jira: {},
  githubReconciler: {
    hooks: ["orgs/acme/hooks/1"],
    tokenSecretArn: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:github-AbCdEf",
  },
  awsDeployments: {
    pipelines: [{ name: "widgets-prod", stages: ["Prod"] }],
    deploymentGroups: [{ application: "widgets", name: "widgets-prod" }],
  },
};
const CHAT = { workspaceId: "T0123456789", channelId: "C0000000001" };

function acknowledgementsIn(scope: IConstruct): readonly (readonly [string, string])[] {
  return scope.node
    .findAll()
    .flatMap((construct) =>
      construct.node.metadata
        .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
        .flatMap(({ data }) => Object.entries<string>(data)),
    );
}

describe("the checks of the synthesis", () => {
  test("the AwsSolutions rules and the schemas of CloudFormation find nothing", () => {
    const { app, stack } = appOf({ outcomeSources: ALL_SOURCES }, { checks: true });

    const { directory } = app.synth();
    const findings = new AwsSolutionsChecks().validateScope(stack).violations;

    expect(findings).toEqual([]);
    const report = JSON.parse(readFileSync(join(directory, "validation-report.json"), "utf8"));
    expect(report.pluginReports).toEqual([]);
  });

  test("a finding fails the synthesis, so that the silence above means something", () => {
    const { app, stack } = appOf({}, { checks: true });
    new Bucket(stack, "Careless");

    expect(() => app.synth()).toThrow("AwsSolutions-S1");
  });

  test("a property that CloudFormation does not know fails the synthesis", () => {
    const { app, stack } = appOf({}, { checks: true });
    const topic = stack.node.findChild("Operations").node.findChild("Topic").node.defaultChild;
    (topic as CfnTopic).addPropertyOverride("KmsMasterKey", "mistyped");

    expect(() => app.synth()).toThrow("KmsMasterKey");
  });

  test("at most thirteen findings are acknowledged, each with a reason of its own", () => {
    const acknowledged = acknowledgementsIn(
      appOf({
        owners: [
          { id: "checkout-owner", email: "checkout-owner@example.com", slack: CHAT },
          { id: "search-owner", email: "search-owner@example.com", slack: CHAT },
        ],
        outcomeSources: ALL_SOURCES,
      }).app,
    );

    expect(acknowledged.length).toBeGreaterThan(0);
    expect(acknowledged.length).toBeLessThanOrEqual(13);
    const reasons = acknowledged.map(([, reason]) => reason);
    expect(new Set(reasons).size).toBe(reasons.length);
  });
});
