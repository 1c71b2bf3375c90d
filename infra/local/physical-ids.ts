import { ACCOUNT_ID, type Assembly } from "./template.ts";

/** Where the local stand-ins of the AWS endpoints listen. */
export type Endpoints = { readonly gatewayUrl: string; readonly apiUrl: string };

type Attributes = Readonly<Partial<Record<string, string>>>;

const NAME_PROPERTIES = [
  "TableName",
  "QueueName",
  "TopicName",
  "FunctionName",
  "BucketName",
  "RoleName",
  "ConfigurationName",
  "LogGroupName",
  "Name",
];

/** What a resource is called here: its given name, else one made of the stack and logical id. */
export function physicalName({ stackName, template }: Assembly, logicalId: string): string {
  const resource = definitionOf(template, logicalId);
  const given = NAME_PROPERTIES.map((property) => resource.Properties[property]).find(
    (name) => typeof name === "string",
  );
  if (typeof given === "string" && resource.Type !== "AWS::ApiGatewayV2::Api") {
    return given;
  }
  switch (resource.Type) {
    // Bucket names are lower case and at most 63 characters; the end of the id makes it unique.
    case "AWS::S3::Bucket":
      return `${stackName}-`.toLowerCase().slice(0, 31) + logicalId.toLowerCase().slice(-32);
    case "AWS::ApiGatewayV2::Api":
    case "AWS::ApiGatewayV2::Authorizer":
    case "AWS::ApiGatewayV2::Integration":
      return logicalId.toLowerCase();
    default:
      return `${stackName}-${logicalId}`;
  }
}

/** What `Ref` gives for a resource. */
export function referenceOf(
  assembly: Assembly,
  logicalId: string,
  endpoints: Endpoints,
): string | undefined {
  const attributes = resourceAttributes(assembly, logicalId, endpoints);
  switch (definitionOf(assembly.template, logicalId).Type) {
    case "AWS::SQS::Queue":
      return attributes["QueueUrl"];
    case "AWS::SNS::Topic":
      return attributes["TopicArn"];
    case "AWS::SecretsManager::Secret":
    case "AWS::Chatbot::SlackChannelConfiguration":
      return attributes["Arn"];
    default:
      return physicalName(assembly, logicalId);
  }
}

/** What `Fn::GetAtt` can ask of a resource. */
export function resourceAttributes(
  assembly: Assembly,
  logicalId: string,
  endpoints: Endpoints,
): Attributes {
  const { Type, Properties } = definitionOf(assembly.template, logicalId);
  const name = physicalName(assembly, logicalId);
  const arn = (service: string, rest: string) =>
    `arn:aws:${service}:${assembly.region}:${ACCOUNT_ID}:${rest}`;
  switch (Type) {
    case "AWS::DynamoDB::GlobalTable":
    case "AWS::DynamoDB::Table": {
      const table = arn("dynamodb", `table/${name}`);
      return { Arn: table, StreamArn: `${table}/stream/local` };
    }
    case "AWS::SQS::Queue":
      return {
        Arn: arn("sqs", name),
        QueueName: name,
        QueueUrl: `${endpoints.gatewayUrl}/${ACCOUNT_ID}/${name}`,
      };
    case "AWS::SNS::Topic":
      return { TopicArn: arn("sns", name), TopicName: name };
    case "AWS::S3::Bucket":
      return { Arn: `arn:aws:s3:::${name}` };
    case "AWS::Lambda::Function":
      return { Arn: arn("lambda", `function:${name}`) };
    case "AWS::IAM::Role":
      return { Arn: `arn:aws:iam::${ACCOUNT_ID}:role/${name}`, RoleId: name };
    case "AWS::ApiGatewayV2::Api":
      return { ApiEndpoint: endpoints.apiUrl, ApiId: name };
    case "AWS::ApiGatewayV2::Authorizer":
      return { AuthorizerId: name };
    case "AWS::Events::Rule":
      return { Arn: arn("events", `rule/${name}`) };
    case "AWS::Scheduler::Schedule":
      return { Arn: arn("scheduler", `schedule/${groupName(Properties["GroupName"])}/${name}`) };
    case "AWS::Scheduler::ScheduleGroup":
      return { Arn: arn("scheduler", `schedule-group/${name}`) };
    case "AWS::Logs::LogGroup":
      return { Arn: arn("logs", `log-group:${name}:*`) };
    case "AWS::SecretsManager::Secret":
      // A secret's ARN ends in six random characters, so that a name in a policy cannot match it.
      return { Arn: arn("secretsmanager", `secret:${name}-aB3dE5`), Id: name };
    case "AWS::KMS::Key":
      return { Arn: arn("kms", `key/${name}`), KeyId: name };
    case "AWS::CloudWatch::Alarm":
      return { Arn: arn("cloudwatch", `alarm:${name}`) };
    case "AWS::Chatbot::SlackChannelConfiguration":
      return { Arn: `arn:aws:chatbot::${ACCOUNT_ID}:chat-configuration/slack-channel/${name}` };
    default:
      return {};
  }
}

function groupName(value: unknown): string {
  return typeof value === "string" ? value : "default";
}

function definitionOf(template: Assembly["template"], logicalId: string) {
  const definition = template.Resources[logicalId];
  if (definition === undefined) {
    throw new Error(`Ref ${logicalId} names nothing in the template`);
  }
  return definition;
}
