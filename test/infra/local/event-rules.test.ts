import { describe, expect, test } from "vitest";
import { eventRules } from "../../../infra/local/event-rules.ts";
import type { Functions } from "../../../infra/local/functions.ts";
import { resolveStack } from "../../../infra/local/stack.ts";
import { Template } from "../../../infra/local/template.ts";
import { samplePayload } from "../../support/outcome-samples.ts";

const EVENT = samplePayload("aws-events/codedeploy.success.json");

const TARGET = { Id: "Target0", Arn: { "Fn::GetAtt": ["Record", "Arn"] } };
const RULE = {
  EventPattern: {
    source: ["aws.codedeploy"],
    "detail-type": ["CodeDeploy Deployment State-change Notification"],
    detail: {
      state: ["SUCCESS"],
      $or: [
        { application: ["other"], deploymentGroup: ["widgets-prod"] },
        { application: ["widgets"], deploymentGroup: ["widgets-prod"] },
      ],
    },
  },
  State: "ENABLED",
  Targets: [TARGET],
};
const PERMISSION = {
  Action: "lambda:InvokeFunction",
  FunctionName: { "Fn::GetAtt": ["Record", "Arn"] },
  Principal: "events.amazonaws.com",
  SourceArn: { "Fn::GetAtt": ["Rule", "Arn"] },
};

type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties: object }>>;

function resources(rule: object, permission: object): Resources {
  return {
    Role: {
      Type: "AWS::IAM::Role",
      Properties: { AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [] } },
    },
    Record: {
      Type: "AWS::Lambda::Function",
      Properties: {
        Code: { S3Key: "code.zip" },
        Handler: "index.handler",
        Role: { "Fn::GetAtt": ["Role", "Arn"] },
        Runtime: "nodejs24.x",
      },
    },
    Queue: { Type: "AWS::SQS::Queue", Properties: {} },
    Rule: { Type: "AWS::Events::Rule", Properties: rule },
    Permission: { Type: "AWS::Lambda::Permission", Properties: permission },
  };
}

function setup(rule: object = RULE, permission: object = PERMISSION) {
  const stack = resolveStack(
    {
      stackName: "Test",
      region: "us-east-1",
      template: Template.parse({ Resources: resources(rule, permission) }),
      assets: new Map(),
    },
    { apiUrl: "http://127.0.0.1:1", gatewayUrl: "http://127.0.0.1:2" },
  );
  const invoked: (readonly [string, unknown])[] = [];
  const functions: Functions = {
    invoke: async () => undefined,
    invokeAsync: async ({ logicalId }, event) => {
      invoked.push([logicalId, event]);
    },
    close: async () => {},
  };
  return { invoked, rules: eventRules(stack, functions) };
}

describe("eventRules", () => {
  test("an event that the pattern matches goes to the target as it is", async () => {
    const { invoked, rules } = setup();

    expect(await rules.put(EVENT)).toBe(1);
    expect(invoked).toEqual([["Record", EVENT]]);
  });

  test.each([
    ["of another source", { source: "aws.codepipeline" }],
    ["of a failure", { "detail.state": "FAILURE" }],
    ["of another group", { "detail.deploymentGroup": "widgets-staging" }],
  ])("an event %s goes nowhere", async (_, changes) => {
    const { invoked, rules } = setup();

    expect(await rules.put(samplePayload("aws-events/codedeploy.success.json", changes))).toBe(0);
    expect(invoked).toEqual([]);
  });

  test("a rule that is off lets nothing through", async () => {
    expect(await setup({ ...RULE, State: "DISABLED" }).rules.put(EVENT)).toBe(0);
  });

  test.each([
    ["a target that is no function of the stack", { Id: "T", Arn: "arn:aws:sqs:x" }, "no function"],
    [
      "a dead-letter queue that the rule may not send to",
      { ...TARGET, DeadLetterConfig: { Arn: { "Fn::GetAtt": ["Queue", "Arn"] } } },
      "does not let events.amazonaws.com send",
    ],
    ["a target with an input of its own", { ...TARGET, Input: "{}" }, "Input"],
  ])("%s is refused before anything runs", (_, target, message) => {
    expect(() => setup({ ...RULE, Targets: [target] })).toThrow(message);
  });

  test("a rule of another bus, or by the clock, is refused: neither is run here", () => {
    expect(() => setup({ ...RULE, EventBusName: "custom" })).toThrow("EventBusName");
    expect(() => setup({ ...RULE, ScheduleExpression: "rate(1 hour)" })).toThrow(
      "ScheduleExpression",
    );
  });

  test("a missing permission fails here as it would in the cloud, where the event is dropped", () => {
    expect(() => setup(RULE, { ...PERMISSION, Principal: "sns.amazonaws.com" })).toThrow(
      "no AWS::Lambda::Permission lets events.amazonaws.com invoke Record",
    );
    expect(() =>
      setup(RULE, { ...PERMISSION, SourceArn: "arn:aws:events:us-east-1:000000000000:rule/x" }),
    ).toThrow("no AWS::Lambda::Permission");
  });

  test("a pattern with a rule that is not known here is refused", () => {
    expect(() => setup({ ...RULE, EventPattern: { source: [{ cidr: "10.0.0.0/8" }] } })).toThrow(
      "not emulated",
    );
  });
});
