import { Match, type Template } from "aws-cdk-lib/assertions";
import { beforeAll, describe, expect, test } from "vitest";
import { functionsOf, resourcesOf, templateOf } from "../../support/outpace-template.ts";

let template: Template;

beforeAll(() => {
  template = templateOf();
});

describe("the tables", () => {
  test("each survives the stack, and can be restored to any second of the last 35 days", () => {
    const tables = [...resourcesOf(template).values()].filter(
      ({ Type }) => Type === "AWS::DynamoDB::GlobalTable",
    );

    expect(tables).toHaveLength(3);
    for (const { Properties, DeletionPolicy } of tables) {
      expect(DeletionPolicy).toBe("Retain");
      expect(Properties["BillingMode"]).toBe("PAY_PER_REQUEST");
      expect(Properties["TimeToLiveSpecification"]).toBeUndefined();
      expect(Properties["Replicas"]).toMatchObject([
        {
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        },
      ]);
    }
  });

  test("names are kept under our own key", () => {
    template.hasResource("AWS::DynamoDB::GlobalTable", {
      Properties: Match.objectLike({
        SSESpecification: { SSEEnabled: true, SSEType: "KMS" },
        Replicas: [
          Match.objectLike({
            SSESpecification: { KMSMasterKeyId: { "Fn::GetAtt": ["Key9BCD29C7", "Arn"] } },
          }),
        ],
      }),
    });
  });

  test("the key is rotated, and stays with the tables that need it", () => {
    template.hasResource("AWS::KMS::Key", {
      DeletionPolicy: "Retain",
      Properties: Match.objectLike({ EnableKeyRotation: true }),
    });
  });

  test("the ledger's stream says which keys changed, and carries no usage", () => {
    template.hasResourceProperties("AWS::DynamoDB::GlobalTable", {
      StreamSpecification: { StreamViewType: "KEYS_ONLY" },
    });
    template.hasResourceProperties("AWS::DynamoDB::GlobalTable", {
      StreamSpecification: { StreamViewType: "NEW_IMAGE" },
    });
  });

  test("only usage wakes the roll-up; a record that keeps failing is cut out, and kept", () => {
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      FunctionName: { Ref: functionsOf(template).get("roll-up")?.id },
      FilterCriteria: {
        Filters: [{ Pattern: '{"dynamodb":{"Keys":{"pk":{"S":[{"prefix":"U#"}]}}}}' }],
      },
      BatchSize: 1000,
      MaximumBatchingWindowInSeconds: 5,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 10,
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
  });
});
