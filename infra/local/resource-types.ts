import * as z from "zod";
import { PolicyDocument } from "./policy-document.ts";
import {
  accepted,
  Bucket,
  EventSourceMapping,
  FunctionProperties,
  inert,
  Schedule,
  Secret,
  Subscription,
  strings,
  Table,
} from "./resource-properties.ts";

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
