import { randomUUID } from "node:crypto";
import { Worker } from "node:worker_threads";

/** What a function answered instead of a result. `errorType` is named as Lambda names it. */
export class FunctionError extends Error {
  override readonly name = "FunctionError";
  readonly errorType: string;

  constructor(errorType: string, message: string) {
    super(message);
    this.errorType = errorType;
  }
}

export const TIMED_OUT = "Sandbox.Timedout";
export const TOO_LARGE = "RequestEntityTooLargeException";

export type WorkerSettings = {
  readonly codeDirectory: string;
  readonly handler: string;
  readonly logFormat: "JSON" | "Text";
  readonly logLevel: string;
};

export type InvocationContext = {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly timeoutMs: number;
};

export type ToWorker = {
  readonly requestId: string;
  readonly event: string;
  readonly context: InvocationContext;
};

export type FromWorker =
  | { readonly kind: "ready" }
  | { readonly kind: "log"; readonly text: string }
  | { readonly kind: "result"; readonly requestId: string; readonly result: string }
  | {
      readonly kind: "error";
      readonly requestId: string;
      readonly error: { readonly errorType: string; readonly errorMessage: string };
    };

export type EnvironmentSettings = WorkerSettings & {
  readonly variables: Readonly<Record<string, string>>;
  readonly memoryMiB: number;
  readonly context: InvocationContext;
  readonly onLog: (text: string) => void;
};

/** One Lambda execution environment: a worker thread that runs one invocation at a time. */
export type ExecutionEnvironment = {
  /**
   * @param event JSON.
   * @returns the handler's result as JSON.
   * @throws {FunctionError} if the handler throws, exits or runs out of time.
   */
  readonly invoke: (event: string) => Promise<string>;
  readonly alive: () => boolean;
  readonly close: () => Promise<void>;
};

type Pending = {
  readonly requestId: string;
  readonly settle: (outcome: string | FunctionError) => void;
};

/** Lambda gives the initialisation of a function ten seconds. */
const INIT_TIMEOUT_MS = 10_000;

/** Starts an environment and loads the handler into it. */
export async function startEnvironment(
  settings: EnvironmentSettings,
): Promise<ExecutionEnvironment> {
  const { codeDirectory, handler, logFormat, logLevel } = settings;
  const workerData: WorkerSettings = { codeDirectory, handler, logFormat, logLevel };
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    env: { ...settings.variables },
    execArgv: ["--enable-source-maps", "--disable-warning=ExperimentalWarning"],
    workerData,
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: Math.max(64, settings.memoryMiB) },
  });
  let alive = true;
  let pending: Pending | undefined;

  const awaitOutcome = (requestId: string, timeoutMs: number, begin: () => void) =>
    new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => {
        const seconds = timeoutMs / 1000;
        die(new FunctionError(TIMED_OUT, `Task timed out after ${seconds} seconds`));
      }, timeoutMs);
      pending = {
        requestId,
        settle: (outcome) => {
          clearTimeout(timer);
          pending = undefined;
          if (typeof outcome === "string") {
            resolve(outcome);
          } else {
            reject(outcome);
          }
        },
      };
      begin();
    });

  function die(error: FunctionError): void {
    alive = false;
    void worker.terminate();
    pending?.settle(error);
  }

  worker.on("message", (message: FromWorker) => {
    if (message.kind === "log") {
      settings.onLog(message.text);
    } else if (message.kind === "ready") {
      pending?.settle("");
    } else if (message.requestId === pending?.requestId) {
      pending.settle(
        message.kind === "result"
          ? message.result
          : new FunctionError(message.error.errorType, message.error.errorMessage),
      );
    }
  });
  worker.on("error", (error) => {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    die(new FunctionError(name, message));
  });
  worker.on("exit", (code) => {
    die(new FunctionError("Runtime.ExitError", `Runtime exited with error: exit status ${code}`));
  });

  await awaitOutcome("init", INIT_TIMEOUT_MS, () => undefined);
  return {
    invoke: (event) => {
      const requestId = randomUUID();
      const message: ToWorker = { requestId, event, context: settings.context };
      return awaitOutcome(requestId, settings.context.timeoutMs, () => worker.postMessage(message));
    },
    alive: () => alive,
    close: async () => {
      alive = false;
      await worker.terminate();
    },
  };
}
