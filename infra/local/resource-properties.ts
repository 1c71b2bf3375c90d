import * as z from "zod";

/** Accepted because it changes nothing that can be seen here: encryption, tags, log levels. */
export const accepted = z.unknown().optional();
export const inert = z.looseObject({});
export const strings = z.array(z.string());

const KeySchema = z.array(
  z.strictObject({ AttributeName: z.string(), KeyType: z.enum(["HASH", "RANGE"]) }),
);
const SecondaryIndex = z.looseObject({
  IndexName: z.string(),
  KeySchema,
  Projection: z.looseObject({}),
});

export const Table = {
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

export const FunctionProperties = z.strictObject({
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

export const EventSourceMapping = z.strictObject({
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

export const Bucket = z.strictObject({
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

export const Subscription = z.strictObject({
  TopicArn: z.string(),
  Protocol: z.enum(["email", "email-json", "lambda", "sqs"]),
  Endpoint: z.string(),
  FilterPolicy: z.record(z.string(), z.unknown()).optional(),
  FilterPolicyScope: z.enum(["MessageAttributes", "MessageBody"]).default("MessageAttributes"),
  RawMessageDelivery: z.boolean().default(false),
});

export const Schedule = z.strictObject({
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

export const Secret = z.strictObject({
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
