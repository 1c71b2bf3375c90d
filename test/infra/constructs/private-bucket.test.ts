import { Match, Template } from "aws-cdk-lib/assertions";
import { beforeAll, describe, expect, test } from "vitest";
import { appOf, resourcesOf, templateOf } from "../../support/outpace-template.ts";

let template: Template;

beforeAll(() => {
  template = templateOf({ retention: { dropDays: 14, reportDays: 400 } });
});

describe("the buckets", () => {
  test("each is private, encrypted and reached by TLS only", () => {
    const buckets = Object.values(template.findResources("AWS::S3::Bucket"));

    expect(buckets).toHaveLength(3);
    for (const { Properties } of buckets) {
      expect(Properties.BucketEncryption).toBeDefined();
      expect(Properties.PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
    }
    template.resourcePropertiesCountIs(
      "AWS::S3::BucketPolicy",
      {
        PolicyDocument: Match.objectLike({
          Statement: Match.arrayWith([
            Match.objectLike({
              Effect: "Deny",
              Action: "s3:*",
              Condition: { Bool: { "aws:SecureTransport": "false" } },
            }),
          ]),
        }),
      },
      3,
    );
  });

  test.each([
    ["DropImportDrops", 14],
    ["CostReports", 400],
  ])("%s is versioned and logged, and keeps its objects for %d days", (id, days) => {
    const bucket = [...resourcesOf(template)].find(
      ([key, { Type }]) => key.startsWith(id) && Type === "AWS::S3::Bucket",
    )?.[1];

    expect(bucket?.Properties).toMatchObject({
      VersioningConfiguration: { Status: "Enabled" },
      LoggingConfiguration: { DestinationBucketName: { Ref: "AccessLogs8B620ECA" } },
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: days, Status: "Enabled" }] },
    });
  });
});

describe("DropImport", () => {
  test("whatever is dropped reaches the queue, also what no folder is for, without a function of CDK's own", () => {
    template.hasResource("AWS::S3::Bucket", {
      Properties: Match.objectLike({
        NotificationConfiguration: {
          QueueConfigurations: [
            {
              Event: "s3:ObjectCreated:*",
              Queue: { "Fn::GetAtt": [Match.stringLikeRegexp("^DropImportQueue"), "Arn"] },
              Filter: Match.absent(),
            },
          ],
        },
      }),
      // S3 sends a test message on creation, which the policy has to allow by then.
      DependsOn: Match.arrayWith([Match.stringLikeRegexp("^DropImportQueuePolicy")]),
    });
  });

  test("only buckets of this account may fill the queue", () => {
    template.hasResourceProperties("AWS::SQS::QueuePolicy", {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: "Allow",
            Action: "sqs:SendMessage",
            Principal: { Service: "s3.amazonaws.com" },
            Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
          }),
        ]),
      }),
    });
  });

  test("a file that cannot be imported is tried five times, then kept for 14 days", () => {
    template.hasResourceProperties("AWS::SQS::Queue", {
      // Six times the fifteen minutes that an import may take.
      VisibilityTimeout: 5_400,
      RedrivePolicy: { maxReceiveCount: 5, deadLetterTargetArn: Match.anyValue() },
    });
    template.resourcePropertiesCountIs(
      "AWS::SQS::Queue",
      { MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true },
      4,
    );
  });

  test("resources do not wait for each other in a circle, which CloudFormation refuses", () => {
    // The check is part of reading the template from a stack.
    expect(() => Template.fromStack(appOf().stack)).not.toThrow();
  });
});
