import * as z from "zod";
import { PolicyDocument } from "./policy-document.ts";

/** Accepted because it changes nothing that can be seen here: encryption, tags, log levels. */
const accepted = z.unknown().optional();
const inert = z.looseObject({});
const strings = z.array(z.string());

const KeySchema = z.array(
  z.strictObject({ AttributeName: z.string(), KeyType: z.enum(["HASH", "RANGE"]) }),
);
const SecondaryIndex = z.looseObject({
  IndexName: z.string(),
  KeySchema,
  Projection: z.looseObject({}),
});

const Table = {
  TableName: z.string().optional(),
  KeySchema,
  AttributeDefinitions: z.array(z.looseObject({})),
  BillingMode: z.literal("PAY_PER_REQUEST"),
  GlobalSecondaryIndexes: z.array(SecondaryIndex).optional(),
  LocalSecondaryIndexes: z.array(SecondaryIndex).optional(),
  StreamSpecification: z
    .looseObject({
      StreamViewType: z.enum(["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"]),
    })
    .optional(),
  SSESpecification: accepted,
};

const FunctionProperties = z.strictObject({
  FunctionName: z.string().optional(),
  Code: z.strictObject({ S3Bucket: accepted, S3Key: z.string() }),
  Handler: z.string(),
  Role: z.string(),
  Runtime: z.string().startsWith("nodejs"),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.string()) }).optional(),
  MemorySize: z.number().default(128),
  Timeout: z.number().default(3),
  ReservedConcurrentExecutions: z.int().min(0).optional(),
  LoggingConfig: z
    .looseObject({
      LogFormat: z.enum(["JSON", "Text"]).default("Text"),
      ApplicationLogLevel: z
        .enum(["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"])
        .default("INFO"),
    })
    .optional(),
  DeadLetterConfig: z.strictObject({ TargetArn: z.string() }).optional(),
  Architectures: accepted,
  Description: accepted,
  EphemeralStorage: accepted,
  KmsKeyArn: accepted,
  Tags: accepted,
  TracingConfig: accepted,
});

const EventSourceMapping = z.strictObject({
  FunctionName: z.string(),
  EventSourceArn: z.string(),
  BatchSize: z.int().positive().optional(),
  MaximumBatchingWindowInSeconds: z.number().min(0).default(0),
  FunctionResponseTypes: z.array(z.literal("ReportBatchItemFailures")).default([]),
  FilterCriteria: z
    .strictObject({ Filters: z.array(z.strictObject({ Pattern: z.string() })) })
    .optional(),
  StartingPosition: z.enum(["TRIM_HORIZON", "LATEST"]).optional(),
  BisectBatchOnFunctionError: z.boolean().default(false),
  MaximumRetryAttempts: z.int().min(-1).default(-1),
  MaximumRecordAgeInSeconds: z.int().min(-1).default(-1),
  DestinationConfig: z
    .strictObject({ OnFailure: z.strictObject({ Destination: z.string() }) })
    .optional(),
  ScalingConfig: z.strictObject({ MaximumConcurrency: z.int().min(2) }).optional(),
  Enabled: z.boolean().default(true),
  // Keys of one partition stay in order at any factor, and one lane is such an order.
  ParallelizationFactor: accepted,
  Tags: accepted,
});

const QueueConfiguration = z.strictObject({
  Event: z.string(),
  Queue: z.string(),
  Filter: z
    .strictObject({
      S3Key: z.strictObject({
        Rules: z.array(z.strictObject({ Name: z.string(), Value: z.string() })),
      }),
    })
    .optional(),
});

const Bucket = z.strictObject({
  BucketName: z.string().optional(),
  NotificationConfiguration: z
    .strictObject({ QueueConfigurations: z.array(QueueConfiguration) })
    .optional(),
  AccessControl: accepted,
  BucketEncryption: accepted,
  LifecycleConfiguration: accepted,
  LoggingConfiguration: accepted,
  ObjectLockConfiguration: accepted,
  ObjectLockEnabled: accepted,
  OwnershipControls: accepted,
  PublicAccessBlockConfiguration: accepted,
  Tags: accepted,
  VersioningConfiguration: accepted,
});

const Subscription = z.strictObject({
  TopicArn: z.string(),
  Protocol: z.enum(["email", "email-json", "lambda", "sqs"]),
  Endpoint: z.string(),
  FilterPolicy: z.record(z.string(), z.unknown()).optional(),
  FilterPolicyScope: z.enum(["MessageAttributes", "MessageBody"]).default("MessageAttributes"),
  RawMessageDelivery: z.boolean().default(false),
});

const Schedule = z.strictObject({
  Name: z.string().optional(),
  GroupName: z.string().default("default"),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().default("UTC"),
  State: z.enum(["ENABLED", "DISABLED"]).default("ENABLED"),
  Target: z.strictObject({
    Arn: z.string(),
    RoleArn: z.string(),
    Input: z.string().default("{}"),
    RetryPolicy: accepted,
    DeadLetterConfig: accepted,
  }),
  FlexibleTimeWindow: accepted,
  Description: accepted,
});

const Secret = z.strictObject({
  Name: z.string().optional(),
  SecretString: z.string().optional(),
  GenerateSecretString: z
    .strictObject({
      PasswordLength: z.int().positive().default(32),
      ExcludeCharacters: z.string().default(""),
      ExcludeLowercase: z.boolean().default(false),
      ExcludeNumbers: z.boolean().default(false),
      ExcludePunctuation: z.boolean().default(false),
      ExcludeUppercase: z.boolean().default(false),
      IncludeSpace: z.boolean().default(false),
      RequireEachIncludedType: z.boolean().default(true),
      SecretStringTemplate: z.string().optional(),
      GenerateStringKey: z.string().optional(),
    })
    .optional(),
  Description: accepted,
  KmsKeyId: accepted,
  Tags: accepted,
});

/** Every resource type that is emulated or harmless, with the properties that it may have. */
export const RESOURCE_TYPES = {
  "AWS::ApiGatewayV2::Api": z.strictObject({
    Name: z.string().optional(),
    ProtocolType: z.literal("HTTP"),
    Description: accepted,
    Tags: accepted,
  }),
  "AWS::ApiGatewayV2::Authorizer": z.strictObject({
    Name: accepted,
    ApiId: z.string(),
    AuthorizerType: z.literal("REQUEST"),
    AuthorizerPayloadFormatVersion: z.literal("2.0"),
    EnableSimpleResponses: z.literal(true),
    AuthorizerUri: z.string(),
    IdentitySource: strings.default([]),
    AuthorizerResultTtlInSeconds: z.number().min(0).max(3600).default(300),
  }),
  "AWS::ApiGatewayV2::Integration": z.strictObject({
    ApiId: z.string(),
    IntegrationType: z.literal("AWS_PROXY"),
    IntegrationUri: z.string(),
    PayloadFormatVersion: z.literal("2.0"),
    TimeoutInMillis: z.number().default(30_000),
  }),
  "AWS::ApiGatewayV2::Route": z.strictObject({
    ApiId: z.string(),
    RouteKey: z.string(),
    Target: z.string(),
    AuthorizationType: z.enum(["NONE", "CUSTOM"]).default("NONE"),
    AuthorizerId: z.string().optional(),
  }),
  "AWS::ApiGatewayV2::Stage": z.strictObject({
    ApiId: z.string(),
    StageName: z.literal("$default"),
    AutoDeploy: z.literal(true),
    AccessLogSettings: accepted,
    DefaultRouteSettings: accepted,
    Description: accepted,
    RouteSettings: accepted,
    Tags: accepted,
  }),
  "AWS::CDK::Metadata": inert,
  "AWS::Chatbot::SlackChannelConfiguration": z.looseObject({
    ConfigurationName: z.string(),
    SlackChannelId: z.string(),
    SnsTopicArns: strings.default([]),
  }),
  "AWS::CloudWatch::Alarm": inert,
  "AWS::CloudWatch::CompositeAlarm": inert,
  "AWS::CloudWatch::Dashboard": inert,
  "AWS::DynamoDB::GlobalTable": z.strictObject({
    ...Table,
    Replicas: z.array(z.looseObject({})).max(1),
    TimeToLiveSpecification: accepted,
    WriteOnDemandThroughputSettings: accepted,
  }),
  "AWS::DynamoDB::Table": z.strictObject({
    ...Table,
    DeletionProtectionEnabled: accepted,
    OnDemandThroughput: accepted,
    PointInTimeRecoverySpecification: accepted,
    Tags: accepted,
    TimeToLiveSpecification: accepted,
  }),
  "AWS::Events::Rule": z.strictObject({
    Name: z.string().optional(),
    EventPattern: z.record(z.string(), z.unknown()),
    State: z.enum(["ENABLED", "DISABLED"]).default("ENABLED"),
    Targets: z
      .array(
        z.strictObject({
          Id: z.string(),
          Arn: z.string(),
          DeadLetterConfig: z.strictObject({ Arn: z.string() }).optional(),
          RetryPolicy: accepted,
        }),
      )
      .default([]),
    Description: accepted,
  }),
  "AWS::IAM::Policy": z.strictObject({
    PolicyName: z.string(),
    PolicyDocument,
    Roles: strings.default([]),
  }),
  "AWS::IAM::Role": z.strictObject({
    RoleName: z.string().optional(),
    AssumeRolePolicyDocument: PolicyDocument,
    ManagedPolicyArns: strings.default([]),
    Policies: z.array(z.strictObject({ PolicyName: z.string(), PolicyDocument })).default([]),
    Description: accepted,
    Path: accepted,
    Tags: accepted,
  }),
  "AWS::KMS::Alias": inert,
  "AWS::KMS::Key": inert,
  "AWS::Lambda::EventSourceMapping": EventSourceMapping,
  "AWS::Lambda::Function": FunctionProperties,
  "AWS::Lambda::Permission": z.strictObject({
    Action: z.string(),
    FunctionName: z.string(),
    Principal: z.string(),
    SourceArn: z.string().optional(),
    SourceAccount: z.string().optional(),
  }),
  "AWS::Logs::LogGroup": inert,
  "AWS::Logs::MetricFilter": inert,
  "AWS::S3::Bucket": Bucket,
  "AWS::S3::BucketPolicy": inert,
  "AWS::SNS::Subscription": Subscription,
  "AWS::SNS::Topic": z.looseObject({ TopicName: z.string().optional() }),
  "AWS::SNS::TopicPolicy": inert,
  "AWS::SQS::Queue": z.strictObject({
    QueueName: z.string().optional(),
    DelaySeconds: z.number().optional(),
    MaximumMessageSize: z.number().optional(),
    MessageRetentionPeriod: z.number().optional(),
    ReceiveMessageWaitTimeSeconds: z.number().optional(),
    VisibilityTimeout: z.number().optional(),
    RedrivePolicy: z
      .strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number() })
      .optional(),
    RedriveAllowPolicy: accepted,
    KmsDataKeyReusePeriodSeconds: accepted,
    KmsMasterKeyId: accepted,
    SqsManagedSseEnabled: accepted,
    Tags: accepted,
  }),
  "AWS::SQS::QueuePolicy": z.strictObject({ PolicyDocument, Queues: strings }),
  "AWS::Scheduler::Schedule": Schedule,
  "AWS::Scheduler::ScheduleGroup": z.looseObject({ Name: z.string().optional() }),
  "AWS::SecretsManager::Secret": Secret,
} as const;

export type ResourceType = keyof typeof RESOURCE_TYPES;
export type Properties<T extends ResourceType> = z.output<(typeof RESOURCE_TYPES)[T]>;

/** A resource of the stack: intrinsics resolved, properties checked. */
export type Resource<T extends ResourceType = ResourceType> = {
  readonly logicalId: string;
  readonly type: T;
  readonly properties: Properties<T>;
};

export function isResourceType(type: string): type is ResourceType {
  return Object.hasOwn(RESOURCE_TYPES, type);
}
