import { Duration, type RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { Grant } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  CfnBucket,
  type IBucket,
  ObjectOwnership,
} from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";

const DAYS_OF_OLD_VERSIONS = 30;

export type PrivateBucketProps = {
  readonly removalPolicy: RemovalPolicy;
  /** Objects go after this many days, and their old versions 30 days later. */
  readonly retentionDays: number;
  readonly accessLogs: Bucket;
  /** @default - the key that S3 manages */
  readonly encryptionKey?: IKey;
};

/** A bucket that is private, versioned, reached by TLS only, and whose every access is logged. */
export function privateBucket(scope: Construct, id: string, props: PrivateBucketProps): Bucket {
  const { encryptionKey } = props;
  return new Bucket(scope, id, {
    ...hardened(props.removalPolicy),
    ...(encryptionKey && {
      encryption: BucketEncryption.KMS,
      encryptionKey,
      bucketKeyEnabled: true,
    }),
    versioned: true,
    // A cast, as aws-cdk-lib is compiled without exactOptionalPropertyTypes.
    serverAccessLogsBucket: props.accessLogs as IBucket,
    serverAccessLogsPrefix: `${id.toLowerCase()}/`,
    lifecycleRules: [
      {
        expiration: Duration.days(props.retentionDays),
        noncurrentVersionExpiration: Duration.days(DAYS_OF_OLD_VERSIONS),
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
    ],
  });
}

/** Where S3 writes who read which object of the other buckets. */
export function accessLogBucket(
  scope: Construct,
  id: string,
  removalPolicy: RemovalPolicy,
): Bucket {
  const bucket = new Bucket(scope, id, {
    ...hardened(removalPolicy),
    lifecycleRules: [{ expiration: Duration.days(365) }],
  });
  Validations.of(bucket).acknowledge({
    id: "AwsSolutions-S1",
    reason: "This is the bucket of the access logs: logging it to itself would never end.",
  });
  return bucket;
}

export type ObjectGrant = {
  readonly action: "s3:GetObject" | "s3:PutObject";
  /** Ends in a slash; empty for the whole bucket. */
  readonly prefix: string;
  /** Why no single object can be named. */
  readonly reason: string;
};

/** Allows one action on the objects of the bucket whose names start with the prefix. */
export function grantBelow(bucket: Bucket, grantee: LambdaFunction, grant: ObjectGrant): void {
  Grant.addToPrincipal({
    grantee,
    actions: [grant.action],
    resourceArns: [bucket.arnForObjects(`${grant.prefix}*`)],
  }).assertSuccess();
  const logicalId = Stack.of(bucket).getLogicalId(resourceOf(bucket));
  Validations.of(grantee.role ?? grantee).acknowledge({
    id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/${grant.prefix}*]`,
    reason: grant.reason,
  });
}

/** The CloudFormation resource of a bucket that this stack makes. */
export function resourceOf(bucket: Bucket): CfnBucket {
  const resource = bucket.node.defaultChild;
  if (!(resource instanceof CfnBucket)) {
    throw new Error(`${bucket.node.path} is not a bucket of this stack`);
  }
  return resource;
}

function hardened(removalPolicy: RemovalPolicy): BucketProps {
  return {
    removalPolicy,
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
  };
}
