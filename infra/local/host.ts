import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Activity, activityCounter } from "./activity.ts";
import { OPERATOR } from "./aws-call.ts";
import { startBackends } from "./backends.ts";
import { type CapacityMeter, capacityMeter } from "./capacity.ts";
import {
  type CodeServices,
  codeDeployService,
  codePipelineService,
  codeServices,
} from "./code-services.ts";
import { eventRules } from "./event-rules.ts";
import type { EventSource } from "./event-source.ts";
import { eventSources } from "./event-sources.ts";
import { functionLogs } from "./function-logs.ts";
import { type Functions, functionPool } from "./functions.ts";
import { type DeniedCall, type Fault, type Gateway, startGateway } from "./gateway.ts";
import { type HttpApi, startHttpApi } from "./http-api.ts";
import { waitUntilIdle } from "./idle.ts";
import { objectStore } from "./objects.ts";
import { outboxFolder } from "./outbox.ts";
import { requireRoleAccess, rolePolicy } from "./permissions.ts";
import { partitionKeys, provision } from "./provision.ts";
import { schedules } from "./schedules.ts";
import { secretsService } from "./secrets.ts";
import { resolveStack, type Stack } from "./stack.ts";
import { type StateFolder, takeStateFolder, writeFileWhole } from "./state-folder.ts";
import { tableWrites } from "./table-writes.ts";
import { readAssembly, type Template } from "./template.ts";
import { topicsService } from "./topics.ts";

/** Where the API of a durable host listens, so that senders can be configured once. */
export const DEFAULT_API_PORT = 8787;
const DEFAULT_CONCURRENCY = 2;
const DEFAULT_IDLE_TIMEOUT_MS = 30_000;

export type HostOptions = {
  /** The folder of a synthesised CDK cloud assembly. */
  readonly assembly: string;
  /** Name of the stack. @default the only one of the assembly */
  readonly stack?: string;
  /** Where state is kept over restarts. @default a temporary folder, removed at the end */
  readonly stateDir?: string;
  /** @default 8787 with a state folder, any free port without */
  readonly apiPort?: number;
  /** Whether schedules run by the clock. @default true */
  readonly timers?: boolean;
  /** Execution environments per function. @default 2 */
  readonly concurrency?: number;
  /** Extra environment variables, by start of a function's logical id. */
  readonly env?: Record<string, Record<string, string>>;
  /** Secrets that are not the stack's, by ARN. @default none */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Is told each line that a function logs, as it comes. */
  readonly onLogLine?: (logicalId: string, line: string) => void;
  /** Changes the template before it is read, to see what breaks. */
  readonly template?: (template: Template) => void;
};

export type Host = {
  readonly apiUrl: string;
  readonly gatewayUrl: string;
  readonly stateDir: string;
  readonly outboxDir: string;
  readonly stack: Stack;
  /** Outputs of the stack, by logical id. */
  readonly outputs: Readonly<Partial<Record<string, string>>>;
  /** What an AWS SDK client needs to act as the operator: no role, no meter, no faults. */
  readonly operator: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Runs a function once and answers its result. */
  readonly invoke: (logicalIdPrefix: string, event: unknown) => Promise<unknown>;
  /** Runs a schedule's target once, as if it were that time. */
  readonly fire: (logicalIdPrefix: string, at?: Date) => Promise<unknown>;
  /** Puts an event on the default bus of EventBridge, and answers how many targets got it. */
  readonly putEvent: (event: unknown) => Promise<number>;
  /** What CodePipeline and CodeDeploy answer. */
  readonly code: CodeServices;
  /** Resolves when nothing is in flight or waiting. */
  readonly idle: (timeoutMs?: number) => Promise<void>;
  /** Put a fault in to let calls of functions fail; take it out again when done. */
  readonly faults: Fault[];
  readonly capacity: CapacityMeter;
  /** Calls that a role did not allow. */
  readonly denied: readonly DeniedCall[];
  /** Calls by `<function> <action>`. */
  readonly calls: ReadonlyMap<string, number>;
  /** Sums of embedded metrics: `Received` or, with dimensions, `Received{Source=kiro}`. */
  readonly metrics: ReadonlyMap<string, number>;
  /** The latest lines that the functions whose logical id starts so have printed. */
  readonly logs: (logicalIdPrefix?: string) => readonly string[];
  readonly childPids: readonly number[];
  readonly close: () => Promise<void>;
};

type Closers = (() => Promise<void> | void)[];

/**
 * Runs a synthesised stack on this machine.
 *
 * @throws {Error} naming what is wrong, if the template needs something that is not emulated, a
 *   grant is missing, the port is taken, or another host has the state folder.
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const folder = takeStateFolder(options.stateDir);
  const closers: Closers = [folder.release];
  try {
    return await boot(options, folder, closers);
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

/** Closes in reverse order of opening, once. */
async function closeAll(closers: Closers): Promise<void> {
  for (const close of closers.splice(0).reverse()) {
    await close();
  }
}

async function boot(options: HostOptions, folder: StateFolder, closers: Closers): Promise<Host> {
  const activity = activityCounter();
  const capacity = capacityMeter();
  const assembly = readAssembly(options.assembly, options.stack);
  options.template?.(assembly.template);
  const apiPort = options.apiPort ?? (folder.durable ? DEFAULT_API_PORT : 0);
  const api = await startHttpApi(apiPort, activity);
  closers.push(api.close);
  const gateway = await startGateway(activity, capacity);
  closers.push(gateway.close);
  const endpoints = { apiUrl: api.url, gatewayUrl: gateway.url };
  const stack = resolveStack(assembly, endpoints);
  const running = await run({ options, folder, closers, activity, stack, api, gateway });

  const endpointFile = join(folder.path, "endpoint.json");
  const endpoint = { ...endpoints, outputs: stack.outputs, pid: process.pid };
  writeFileWhole(endpointFile, JSON.stringify(endpoint, undefined, 2));
  closers.push(() => rmSync(endpointFile, { force: true }));
  return {
    ...endpoints,
    ...running,
    stack,
    capacity,
    stateDir: folder.path,
    outputs: stack.outputs,
    operator: {
      endpoint: gateway.url,
      region: stack.region,
      credentials: { accessKeyId: OPERATOR, secretAccessKey: "local" },
    },
    faults: gateway.faults,
    denied: gateway.denied,
    calls: gateway.calls,
    close: () => closeAll(closers),
  };
}

type Parts = {
  readonly options: HostOptions;
  readonly folder: StateFolder;
  readonly closers: Closers;
  readonly activity: Activity;
  readonly stack: Stack;
  readonly api: HttpApi;
  readonly gateway: Gateway;
};

/** Puts backends, functions and triggers behind the API and the gateway. */
async function run({ options, folder, closers, activity, stack, api, gateway }: Parts) {
  const concurrency = options.concurrency ?? DEFAULT_CONCURRENCY;
  const outboxDir = join(folder.path, "outbox");
  const logs = functionLogs(join(folder.path, "logs"), options.onLogLine);
  closers.push(logs.close);
  const policies = functionPolicies(stack);
  const backends = await startBackends(folder.path, stack.region);
  const { client } = backends;
  closers.push(backends.close);
  await provision(stack, client);

  const functions = functionPool(
    stack,
    {
      concurrency,
      gatewayUrl: gateway.url,
      variables: options.env ?? {},
      sendMessage: client.sendMessage,
    },
    logs,
    activity,
  );
  closers.push(functions.close);
  const outbox = outboxFolder(outboxDir);
  const objects = objectStore(stack, client, folder.path, backends.pendingMessages);
  const writes = tableWrites();
  const code = codeServices();
  gateway.open({
    region: stack.region,
    policies,
    partitionKeys: partitionKeys(stack),
    deploymentGroupOf: (deploymentId) => code.deployments.get(deploymentId)?.group,
    services: {
      dynamodb: backends.urls.dynamodb,
      sqs: backends.urls.sqs,
      s3: backends.urls.s3,
      sns: topicsService({ stack, functions, client, outbox, activity }),
      secretsmanager: secretsService(stack, folder.path, options.secrets),
      codepipeline: codePipelineService(code),
      codedeploy: codeDeployService(code),
    },
    onCommitted: async (call) => {
      writes.onCommitted(call);
      await objects.onCommitted(call);
    },
  });

  const sources = await eventSources({
    stack,
    client,
    functions,
    logs,
    activity,
    concurrency,
    statePath: folder.path,
    writesTo: writes.to,
    pendingMessages: backends.pendingMessages,
  });
  const rules = eventRules(stack, functions);
  const scheduled = schedules(stack, functions, folder.path);
  closers.push(scheduled.close, () => closeSources(sources, functions), objects.settle);
  await objects.restore();
  api.open(stack, functions, logs);
  for (const source of sources) {
    source.start();
  }
  if (options.timers ?? true) {
    scheduled.start();
  }
  return {
    outboxDir,
    metrics: logs.metrics,
    logs: logs.lines,
    childPids: backends.pids,
    invoke: (prefix: string, event: unknown) =>
      functions.invoke(stack.find("AWS::Lambda::Function", prefix), event),
    putEvent: rules.put,
    code,
    fire: (prefix: string, at = new Date()) => scheduled.fire(prefix, at),
    idle: (timeoutMs = DEFAULT_IDLE_TIMEOUT_MS) => waitUntilIdle(activity, sources, timeoutMs),
  };
}

/** What each function's role allows. Its dead-letter queue has to be among that. */
function functionPolicies(stack: Stack) {
  return new Map(
    stack.resources("AWS::Lambda::Function").map(({ logicalId, properties }) => {
      const policy = rolePolicy(stack, properties.Role, logicalId);
      const deadLetterArn = properties.DeadLetterConfig?.TargetArn;
      if (deadLetterArn !== undefined) {
        const access = ["sqs:SendMessage", deadLetterArn] as const;
        requireRoleAccess(policy, `resource ${logicalId}`, logicalId, [access]);
      }
      return [logicalId, policy];
    }),
  );
}

/** Ends the polling together with the functions, whose invocations it would wait for. */
async function closeSources(sources: readonly EventSource[], functions: Functions): Promise<void> {
  await Promise.all([...sources.map((source) => source.close()), functions.close()]);
}
