import type { Activity, ChangeSignal } from "./activity.ts";
import type { BackendClient } from "./backend-client.ts";
import { fileCheckpoint } from "./checkpoints.ts";
import type { EventSource, EventSourceMapping } from "./event-source.ts";
import type { FunctionLogs } from "./function-logs.ts";
import type { Functions } from "./functions.ts";
import { requireRoleAccess, rolePolicy } from "./permissions.ts";
import { tableResources } from "./provision.ts";
import { queueSource } from "./queue-source.ts";
import type { Resource } from "./resource-types.ts";
import type { Stack } from "./stack.ts";
import { streamSource } from "./stream-source.ts";

export type EventSourceDependencies = {
  readonly stack: Stack;
  readonly client: BackendClient;
  readonly functions: Functions;
  readonly logs: FunctionLogs;
  readonly activity: Activity;
  readonly statePath: string;
  readonly concurrency: number;
  /** Counts the committed writes to a table. */
  readonly writesTo: (tableName: string) => ChangeSignal;
  readonly pendingMessages: (queueName: string) => Promise<number>;
};

const QUEUE_ACTIONS = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
const STREAM_ACTIONS = [
  "dynamodb:DescribeStream",
  "dynamodb:GetRecords",
  "dynamodb:GetShardIterator",
];

/**
 * Sets up the enabled event source mappings of the stack.
 *
 * @throws {Error} if a function's role does not allow what polling on its behalf takes.
 */
export function eventSources(dependencies: EventSourceDependencies): Promise<EventSource[]> {
  return Promise.all(
    dependencies.stack
      .resources("AWS::Lambda::EventSourceMapping")
      .filter(({ properties }) => properties.Enabled)
      .map((mapping) => eventSource(mapping, dependencies)),
  );
}

async function eventSource(
  mapping: EventSourceMapping,
  dependencies: EventSourceDependencies,
): Promise<EventSource> {
  const { stack, functions, logs } = dependencies;
  const { EventSourceArn } = mapping.properties;
  const lambda = mappedFunction(stack, mapping);
  const common = {
    ...dependencies,
    region: stack.region,
    invoke: (event: unknown) => functions.invoke(lambda, event),
    onError: (error: unknown) => logs.hostError(lambda.logicalId, error),
  };
  requirePolling(stack, mapping, lambda);
  if (stack.byArn("AWS::SQS::Queue", EventSourceArn) !== undefined) {
    return queueSource(mapping, { ...common, pollers: dependencies.concurrency });
  }
  const [tableArn = ""] = EventSourceArn.split("/stream/");
  const table = tableResources(stack).find(({ logicalId }) => stack.arn(logicalId) === tableArn);
  if (table === undefined) {
    throw new Error(
      `resource ${mapping.logicalId}: ${EventSourceArn} is neither a queue nor a table's stream of the stack`,
    );
  }
  const tableName = stack.physicalName(table.logicalId);
  return streamSource(mapping, {
    ...common,
    tableName,
    writes: dependencies.writesTo(tableName),
    checkpoint: fileCheckpoint(dependencies.statePath, mapping.logicalId),
  });
}

function mappedFunction(
  stack: Stack,
  { logicalId, properties: { FunctionName } }: EventSourceMapping,
): Resource<"AWS::Lambda::Function"> {
  const lambda = stack
    .resources("AWS::Lambda::Function")
    .find((resource) =>
      [stack.arn(resource.logicalId), stack.physicalName(resource.logicalId)].includes(
        FunctionName,
      ),
    );
  if (lambda === undefined) {
    throw new Error(`resource ${logicalId}: ${FunctionName} is no function of the stack`);
  }
  return lambda;
}

function requirePolling(
  stack: Stack,
  { logicalId, properties }: EventSourceMapping,
  lambda: Resource<"AWS::Lambda::Function">,
): void {
  const { EventSourceArn, DestinationConfig } = properties;
  const actions = EventSourceArn.includes(":sqs:") ? QUEUE_ACTIONS : STREAM_ACTIONS;
  const destination = DestinationConfig?.OnFailure.Destination;
  requireRoleAccess(
    rolePolicy(stack, lambda.properties.Role, lambda.logicalId),
    `resource ${logicalId}`,
    lambda.logicalId,
    [
      ...actions.map((action) => [action, EventSourceArn] as const),
      ...(destination === undefined ? [] : [["sqs:SendMessage", destination] as const]),
    ],
  );
}
