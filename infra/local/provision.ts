import { type BackendClient, BackendError } from "./backend-client.ts";
import type { PartitionKeys } from "./dynamodb-access.ts";
import { isObject, type JsonObject, listOf, objectOf } from "./json.ts";
import type { Properties, Resource } from "./resource-types.ts";
import type { Stack } from "./stack.ts";

export type TableResource =
  | Resource<"AWS::DynamoDB::GlobalTable">
  | Resource<"AWS::DynamoDB::Table">;

export function tableResources(stack: Stack): readonly TableResource[] {
  return [
    ...stack.resources("AWS::DynamoDB::GlobalTable"),
    ...stack.resources("AWS::DynamoDB::Table"),
  ];
}

/** Creates the tables, queues and buckets of the stack in the backends, unless they are there. */
export async function provision(stack: Stack, client: BackendClient): Promise<void> {
  await Promise.all([
    ...tableResources(stack).map((table) => createTable(stack, client, table)),
    ...stack.resources("AWS::SQS::Queue").map(({ logicalId, properties }) =>
      client.sqs("CreateQueue", {
        QueueName: stack.physicalName(logicalId),
        Attributes: queueAttributes(properties),
      }),
    ),
    ...stack
      .resources("AWS::S3::Bucket")
      .map(({ logicalId }) => client.s3("PUT", `/${stack.physicalName(logicalId)}`)),
  ]);
}

function queueAttributes(queue: Properties<"AWS::SQS::Queue">): JsonObject {
  const { RedrivePolicy } = queue;
  const plain = {
    DelaySeconds: queue.DelaySeconds,
    MaximumMessageSize: queue.MaximumMessageSize,
    MessageRetentionPeriod: queue.MessageRetentionPeriod,
    ReceiveMessageWaitTimeSeconds: queue.ReceiveMessageWaitTimeSeconds,
    VisibilityTimeout: queue.VisibilityTimeout,
    RedrivePolicy: RedrivePolicy === undefined ? undefined : JSON.stringify(RedrivePolicy),
  };
  return Object.fromEntries(
    Object.entries(plain)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  );
}

async function createTable(stack: Stack, client: BackendClient, table: TableResource) {
  const wanted = tableDefinition(stack, table);
  try {
    await client.dynamodb("CreateTable", wanted);
  } catch (error) {
    if (!(error instanceof BackendError && error.code === "ResourceInUseException")) {
      throw error;
    }
    const { Table } = await client.dynamodb("DescribeTable", { TableName: wanted.TableName });
    if (shape(objectOf(Table)) !== shape(wanted)) {
      throw new Error(
        `table ${wanted.TableName} has other keys, indexes or stream than the template: remove the state folder, or run the version that made it`,
        { cause: error },
      );
    }
  }
}

function tableDefinition(stack: Stack, { logicalId, properties }: TableResource) {
  const { GlobalSecondaryIndexes, LocalSecondaryIndexes, StreamSpecification } = properties;
  return {
    TableName: stack.physicalName(logicalId),
    KeySchema: properties.KeySchema,
    AttributeDefinitions: properties.AttributeDefinitions,
    BillingMode: properties.BillingMode,
    ...(GlobalSecondaryIndexes === undefined
      ? {}
      : { GlobalSecondaryIndexes: GlobalSecondaryIndexes.map(indexDefinition) }),
    ...(LocalSecondaryIndexes === undefined
      ? {}
      : { LocalSecondaryIndexes: LocalSecondaryIndexes.map(indexDefinition) }),
    ...(StreamSpecification === undefined
      ? {}
      : {
          StreamSpecification: {
            StreamEnabled: true,
            StreamViewType: StreamSpecification.StreamViewType,
          },
        }),
  };
}

function indexDefinition(index: JsonObject): JsonObject {
  const { IndexName, KeySchema, Projection } = index;
  return { IndexName, KeySchema, Projection };
}

/** What cannot be changed on a table that exists. */
function shape(table: JsonObject): string {
  const indexes = [table["GlobalSecondaryIndexes"], table["LocalSecondaryIndexes"]].map((list) =>
    listOf(list)
      .filter(isObject)
      .map(({ IndexName, KeySchema }) => JSON.stringify([IndexName, KeySchema]))
      .sort(),
  );
  const { StreamViewType } = objectOf(table["StreamSpecification"]);
  return JSON.stringify([table["KeySchema"], indexes, StreamViewType]);
}

/** Looks up partition keys by the physical names of tables and indexes. */
export function partitionKeys(stack: Stack): PartitionKeys {
  const keys = new Map<string, string>();
  for (const { logicalId, properties } of tableResources(stack)) {
    const table = stack.physicalName(logicalId);
    const indexes = [
      ...(properties.GlobalSecondaryIndexes ?? []),
      ...(properties.LocalSecondaryIndexes ?? []),
    ];
    for (const { IndexName, KeySchema } of [
      { IndexName: "", KeySchema: properties.KeySchema },
      ...indexes,
    ]) {
      const hash = KeySchema.find(({ KeyType }) => KeyType === "HASH");
      keys.set(`${table}/${IndexName}`, hash?.AttributeName ?? "");
    }
  }
  return (table, index = "") => keys.get(`${table}/${index}`);
}
