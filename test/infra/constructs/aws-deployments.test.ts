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

const SOURCES = {
  awsDeployments: {
    pipelines: [
      { name: "widgets-prod", stages: ["Prod"] },
      { name: "shop", stages: ["EU", "US"] },
    ],
    deploymentGroups: [{ application: "widgets", name: "widgets-prod" }],
  },
};

let template: Template;

beforeAll(() => {
  template = templateOf({ outcomeSources: SOURCES, productionEnvironments: ["live", "prod"] });
});

describe("AwsDeployments", () => {
  test("nothing of it is deployed unless it is configured", () => {
    const without = templateOf();

    without.resourceCountIs("AWS::Events::Rule", 0);
    expect([...functionsOf(without).keys()]).not.toContain("record-deployments");
  });

  test("only deploy actions that succeeded, in listed stages of listed pipelines, are let through", () => {
    template.hasResourceProperties("AWS::Events::Rule", {
      EventPattern: {
        source: ["aws.codepipeline"],
        "detail-type": ["CodePipeline Action Execution State Change"],
        detail: {
          state: ["SUCCEEDED"],
          type: { category: ["Deploy"] },
          $or: [
            { pipeline: ["widgets-prod"], stage: ["Prod"] },
            { pipeline: ["shop"], stage: ["EU", "US"] },
          ],
        },
      },
    });
  });

  test("only deployments to listed groups that succeeded are let through", () => {
    template.hasResourceProperties("AWS::Events::Rule", {
      EventPattern: {
        source: ["aws.codedeploy"],
        detail: {
          state: ["SUCCESS"],
          // A choice of one would be refused by EventBridge.
          $or: Match.absent(),
          application: ["widgets"],
          deploymentGroup: ["widgets-prod"],
        },
      },
    });
  });

  test("the function may ask about what is listed, add outcomes, and nothing else", () => {
    const grants = statementsOf(template, "record-deployments").flatMap(({ Action, Resource }) =>
      [Action].flat().map((action) => [action, JSON.stringify(Resource)] as const),
    );

    expect(grants.map(([action]) => action).sort()).toEqual([
      "codedeploy:GetDeployment",
      "codepipeline:GetPipelineExecution",
      "dynamodb:PutItem",
      "sqs:SendMessage",
    ]);
    const resourceOf = (action: string) => grants.find(([name]) => name === action)?.[1];
    expect(resourceOf("codepipeline:GetPipelineExecution")).toMatch(/:shop".*:widgets-prod"/);
    expect(resourceOf("codedeploy:GetDeployment")).toContain(
      ":deploymentgroup:widgets/widgets-prod",
    );
    expect(JSON.stringify(grants)).not.toMatch(/\*/);
  });

  test("an event that cannot be delivered, or keeps failing, is kept in a queue with an alarm", () => {
    for (const { Properties } of Object.values(template.findResources("AWS::Events::Rule"))) {
      expect(Properties.Targets).toMatchObject([
        {
          DeadLetterConfig: {
            Arn: { "Fn::GetAtt": [expect.stringContaining("FailedEvents"), "Arn"] },
          },
        },
      ]);
    }
    expect(functionIn(template, "record-deployments")["DeadLetterConfig"]).toEqual({
      TargetArn: { "Fn::GetAtt": [expect.stringContaining("FailedEvents"), "Arn"] },
    });
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmDescription: Match.stringLikeRegexp("runbooks.md#a-deployment-was-not-recorded"),
    });
  });

  test("deployments are recorded under the first name of production", () => {
    expect(functionIn(template, "record-deployments")["Environment"].Variables).toMatchObject({
      PRODUCTION_ENVIRONMENT: "live",
    });
  });

  test("a block that listens to nothing is a mistake", () => {
    const file = aConfigurationFile({ outcomeSources: { awsDeployments: {} } });

    expect(() => parseConfiguration(file, "test")).toThrow("outcomeSources.awsDeployments");
  });
});
