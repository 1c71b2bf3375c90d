import { Match, type Template } from "aws-cdk-lib/assertions";
import { beforeAll, describe, expect, test } from "vitest";
import { functionsOf, templateOf } from "../../support/outpace-template.ts";

let template: Template;

beforeAll(() => {
  template = templateOf({ schedules: { scoring: "30 2 * * ? *" } });
});

describe("ScheduledRuns", () => {
  test.each([
    ["score-sessions", "cron(30 2 * * ? *)", {}],
    ["reprice-roll-ups", "cron(0 2 * * ? *)", {}],
    ["reconcile-usage", "cron(30 4 * * ? *)", {}],
    ["send-alerts", "rate(15 minutes)", {}],
    ["report-costs", "cron(0 5 * * ? *)", { period: "month-to-date" }],
    ["report-costs", "cron(0 6 2 * ? *)", { period: "previous-month" }],
  ])("%s runs at %s, in UTC, and is told the time that was meant", (name, expression, input) => {
    template.hasResourceProperties("AWS::Scheduler::Schedule", {
      ScheduleExpression: expression,
      ScheduleExpressionTimezone: "Etc/UTC",
      State: "ENABLED",
      Target: Match.objectLike({
        Arn: { "Fn::GetAtt": [functionsOf(template).get(name)?.id, "Arn"] },
        Input: Match.serializedJson({
          scheduledTime: "<aws.scheduler.scheduled-time>",
          ...input,
        }),
        DeadLetterConfig: { Arn: Match.anyValue() },
      }),
    });
  });

  test.each([
    "score-sessions",
    "send-alerts",
    "report-costs",
    "reprice-roll-ups",
    "reconcile-usage",
  ])("a run of %s that fails for good is kept, as nobody waits for its answer", (name) => {
    expect(functionsOf(template).get(name)?.properties["DeadLetterConfig"]).toEqual({
      TargetArn: {
        "Fn::GetAtt": [expect.stringContaining("ScheduledRunsFailedRuns"), "Arn"],
      },
    });
  });

  test("the schedules may invoke those functions, and only Scheduler may use their role", () => {
    template.hasResourceProperties("AWS::IAM::Policy", {
      PolicyDocument: Match.objectLike({
        Statement: [
          Match.objectLike({ Action: "sqs:SendMessage" }),
          {
            Effect: "Allow",
            Action: "lambda:InvokeFunction",
            Resource: [
              "send-alerts",
              "report-costs",
              "reconcile-usage",
              "reprice-roll-ups",
              "score-sessions",
            ].map((name) => ({
              "Fn::GetAtt": [functionsOf(template).get(name)?.id, "Arn"],
            })),
          },
        ],
      }),
    });
    template.hasResourceProperties("AWS::IAM::Role", {
      AssumeRolePolicyDocument: Match.objectLike({
        Statement: [
          Match.objectLike({
            Principal: { Service: "scheduler.amazonaws.com" },
            Condition: {
              StringEquals: {
                "aws:SourceAccount": { Ref: "AWS::AccountId" },
                "aws:SourceArn": Match.anyValue(),
              },
            },
          }),
        ],
      }),
    });
  });
});
