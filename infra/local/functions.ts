import type { Activity } from "./activity.ts";
import {
  type EnvironmentSettings,
  type ExecutionEnvironment,
  FunctionError,
  startEnvironment,
  TOO_LARGE,
} from "./execution-environment.ts";
import type { FunctionLogs } from "./function-logs.ts";
import type { Resource } from "./resource-types.ts";
import type { Stack } from "./stack.ts";

type Lambda = Resource<"AWS::Lambda::Function">;

/** Largest synchronous event or result of Lambda. */
const PAYLOAD_LIMIT_BYTES = 6 * 1024 * 1024;

/** Lambda tries an asynchronous invocation three times, though not within seconds. */
const ASYNC_ATTEMPTS = 3;

export type Functions = {
  /**
   * Runs a function and answers what its handler returned.
   *
   * @throws {FunctionError} if the handler throws, exits or runs out of time.
   */
  readonly invoke: (lambda: Lambda, event: unknown) => Promise<unknown>;
  /**
   * Runs a function as an asynchronous invocation does: two more attempts if it fails, and then
   * its dead-letter queue.
   */
  readonly invokeAsync: (lambda: Lambda, event: unknown) => Promise<void>;
  readonly close: () => Promise<void>;
};

export type FunctionOptions = {
  /** Execution environments per function, unless it reserves fewer. */
  readonly concurrency: number;
  readonly gatewayUrl: string;
  /** Extra variables, by start of a function's logical id. */
  readonly variables: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly sendMessage: (queueArn: string, body: string) => Promise<void>;
};

export function functionPool(
  stack: Stack,
  options: FunctionOptions,
  logs: FunctionLogs,
  activity: Activity,
): Functions {
  const pools = new Map<string, Pool>();
  const poolOf = (lambda: Lambda): Pool => {
    const known = pools.get(lambda.logicalId);
    if (known !== undefined) {
      return known;
    }
    const settings = environmentSettings(stack, lambda, options, logs);
    const size = lambda.properties.ReservedConcurrentExecutions ?? options.concurrency;
    const pool = environmentPool(() => startEnvironment(settings), size);
    pools.set(lambda.logicalId, pool);
    return pool;
  };
  const invoke = (lambda: Lambda, event: unknown) =>
    activity.track(async (): Promise<unknown> => {
      const payload = JSON.stringify(event);
      const bytes = Buffer.byteLength(payload);
      if (bytes > PAYLOAD_LIMIT_BYTES) {
        throw new FunctionError(
          TOO_LARGE,
          `event of ${bytes} bytes is over ${PAYLOAD_LIMIT_BYTES}`,
        );
      }
      return JSON.parse(await poolOf(lambda).run((environment) => environment.invoke(payload)));
    });
  return {
    invoke,
    invokeAsync: (lambda, event) =>
      activity.track(async () => {
        for (let attempt = 0; attempt < ASYNC_ATTEMPTS; attempt += 1) {
          try {
            await invoke(lambda, event);
            return;
          } catch (error) {
            logs.hostError(lambda.logicalId, error);
          }
        }
        const deadLetterArn = lambda.properties.DeadLetterConfig?.TargetArn;
        if (deadLetterArn !== undefined) {
          await options.sendMessage(deadLetterArn, JSON.stringify(event));
        }
      }),
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}

type Pool = {
  readonly run: (work: (environment: ExecutionEnvironment) => Promise<string>) => Promise<string>;
  readonly close: () => Promise<void>;
};

/** Environments that are started on demand, reused when free and waited for when all are busy. */
function environmentPool(start: () => Promise<ExecutionEnvironment>, size: number): Pool {
  const free: ExecutionEnvironment[] = [];
  const all = new Set<ExecutionEnvironment>();
  const waiting: (() => void)[] = [];
  let busy = 0;

  const takeFree = (): ExecutionEnvironment | undefined => {
    const environment = free.pop();
    return environment === undefined || environment.alive() ? environment : takeFree();
  };
  const startNew = async () => {
    const environment = await start();
    all.add(environment);
    return environment;
  };
  return {
    run: async (work) => {
      if (size === 0) {
        throw new FunctionError("TooManyRequestsException", "no concurrency is reserved");
      }
      if (busy >= size) {
        await new Promise<void>((resolve) => waiting.push(resolve));
      } else {
        busy += 1;
      }
      try {
        const environment = takeFree() ?? (await startNew());
        try {
          return await work(environment);
        } finally {
          if (environment.alive()) {
            free.push(environment);
          } else {
            all.delete(environment);
          }
        }
      } finally {
        // The place passes to the next in line, or is given back.
        const next = waiting.shift();
        if (next === undefined) {
          busy -= 1;
        } else {
          next();
        }
      }
    },
    close: async () => {
      await Promise.all([...all].map((environment) => environment.close()));
    },
  };
}

function environmentSettings(
  stack: Stack,
  lambda: Lambda,
  options: FunctionOptions,
  logs: FunctionLogs,
): EnvironmentSettings {
  const { logicalId, properties } = lambda;
  const name = stack.physicalName(logicalId);
  const extra = Object.entries(options.variables).filter(([prefix]) =>
    logicalId.startsWith(prefix),
  );
  return {
    codeDirectory: stack.codeDirectory(lambda),
    handler: properties.Handler,
    logFormat: properties.LoggingConfig?.LogFormat ?? "Text",
    logLevel: properties.LoggingConfig?.ApplicationLogLevel ?? "INFO",
    memoryMiB: properties.MemorySize,
    onLog: (text) => logs.append(logicalId, text),
    variables: {
      ...functionVariables(stack, lambda, options.gatewayUrl),
      ...Object.assign({}, ...extra.map(([, variables]) => variables)),
    },
    context: {
      functionName: name,
      functionVersion: "$LATEST",
      invokedFunctionArn: stack.arn(logicalId),
      memoryLimitInMB: String(properties.MemorySize),
      logGroupName: `/aws/lambda/${name}`,
      logStreamName: "local",
      timeoutMs: properties.Timeout * 1000,
    },
  };
}

/** The environment that a function has in Lambda, with the gateway as the endpoint of all of AWS. */
export function functionVariables(
  stack: Stack,
  lambda: Lambda,
  gatewayUrl: string,
): Readonly<Record<string, string>> {
  const { logicalId, properties } = lambda;
  return {
    ...properties.Environment?.Variables,
    AWS_REGION: stack.region,
    AWS_DEFAULT_REGION: stack.region,
    // The gateway tells by the access key which function calls.
    AWS_ACCESS_KEY_ID: logicalId,
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_ENDPOINT_URL: gatewayUrl,
    AWS_EXECUTION_ENV: `AWS_Lambda_${properties.Runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: stack.physicalName(logicalId),
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(properties.MemorySize),
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    LAMBDA_TASK_ROOT: stack.codeDirectory(lambda),
    TZ: "UTC",
  };
}
