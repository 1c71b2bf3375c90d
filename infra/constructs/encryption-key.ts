import { type RemovalPolicy, Stack } from "aws-cdk-lib";
import {
  AccountRootPrincipal,
  Grant,
  type IGrantable,
  PolicyDocument,
  PolicyStatement,
  ServicePrincipal,
} from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";

/** What the account's administrators may do with the key, as far as their own policies allow it. */
const ACCOUNT_ACTIONS = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:CreateGrant",
  "kms:Decrypt",
  "kms:DeleteAlias",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListKeyRotations",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
  "kms:RetireGrant",
  "kms:RevokeGrant",
  "kms:RotateKeyOnDemand",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
];

const READ_ACTIONS = ["kms:Decrypt", "kms:DescribeKey"];
const WRITE_ACTIONS = [
  ...READ_ACTIONS,
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

export type EncryptionKeyProps = {
  readonly removalPolicy: RemovalPolicy;
};

/** The one customer-managed key: for what names people (directory, drops) and for the topics. */
export class EncryptionKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, { removalPolicy }: EncryptionKeyProps) {
    super(scope, id);
    this.key = new Key(this, "Key", {
      description: `${Stack.of(this).stackName}: directory, dropped files and alert topics`,
      enableKeyRotation: true,
      removalPolicy,
      policy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            sid: "ManagedByPoliciesOfTheAccount",
            principals: [new AccountRootPrincipal()],
            actions: ACCOUNT_ACTIONS,
            resources: ["*"],
          }),
        ],
      }),
    });
  }

  /** Allows reading what DynamoDB keeps under this key. */
  grantReadInTable(grantee: IGrantable): void {
    this.#grantVia("dynamodb", grantee, READ_ACTIONS);
  }

  /** Allows reading and writing what DynamoDB keeps under this key. */
  grantWriteInTable(grantee: IGrantable): void {
    this.#grantVia("dynamodb", grantee, WRITE_ACTIONS);
  }

  /** Allows reading the objects that S3 keeps under this key. */
  grantReadInBucket(grantee: IGrantable): void {
    this.#grantVia("s3", grantee, ["kms:Decrypt"]);
  }

  /** Allows publishing to the topics under this key. */
  grantPublish(grantee: IGrantable): void {
    this.#grantVia("sns", grantee, ["kms:Decrypt", "kms:GenerateDataKey"]);
  }

  /** Lets CloudWatch alarms of this account publish to a topic under this key. */
  allowAlarms(topic: ITopic): void {
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: `AlarmsPublishTo${topic.node.scope?.node.id ?? topic.node.id}`,
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["kms:Decrypt", "kms:GenerateDataKey"],
        resources: ["*"],
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    );
  }

  #grantVia(service: "dynamodb" | "s3" | "sns", grantee: IGrantable, actions: string[]): void {
    Grant.addToPrincipal({
      grantee,
      actions,
      resourceArns: [this.key.keyArn],
      conditions: {
        StringEquals: {
          "kms:ViaService": `${service}.${Stack.of(this).region}.amazonaws.com`,
        },
      },
    }).assertSuccess();
  }
}
