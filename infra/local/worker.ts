import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { format } from "node:util";
import { parentPort, workerData } from "node:worker_threads";
import type { FromWorker, ToWorker, WorkerSettings } from "./execution-environment.ts";

type Handler = (event: unknown, context: unknown) => unknown;

const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

const settings: WorkerSettings = workerData;
let requestId = "";

function post(message: FromWorker): void {
  parentPort?.postMessage(message);
}

/** Sends what the function prints to the host in the order in which it prints it. */
function captureOutput(): void {
  const write = (chunk: Uint8Array | string, ...rest: unknown[]): boolean => {
    post({ kind: "log", text: typeof chunk === "string" ? chunk : Buffer.from(chunk).toString() });
    const done = rest.at(-1);
    if (typeof done === "function") {
      done();
    }
    return true;
  };
  process.stdout.write = write;
  process.stderr.write = write;
}

/**
 * Lets `console` write as the Node.js runtime of Lambda does in the function's log format. In JSON
 * format a string is wrapped as the `message` of a record, so a metric printed with `console.log`
 * is no metric there either.
 */
function patchConsole(): void {
  const methods = {
    trace: "TRACE",
    debug: "DEBUG",
    log: "INFO",
    info: "INFO",
    warn: "WARN",
    error: "ERROR",
  } as const;
  const threshold = settings.logFormat === "JSON" ? LEVELS.indexOf(settings.logLevel) : 0;
  for (const [method, level] of Object.entries(methods)) {
    const print =
      LEVELS.indexOf(level) < threshold
        ? () => undefined
        : (...values: unknown[]) => {
            process.stdout.write(`${logRecord(level, values)}\n`);
          };
    Object.assign(console, { [method]: print });
  }
}

function logRecord(level: string, values: readonly unknown[]): string {
  const timestamp = new Date().toISOString();
  if (settings.logFormat === "Text") {
    return [timestamp, requestId || "undefined", level, format(...values)].join("\t");
  }
  const [first] = values;
  const message = values.length === 1 ? first : format(...values);
  return JSON.stringify({ timestamp, level, requestId, message }, (_key, value) =>
    value instanceof Error ? describeError(value) : value,
  );
}

function describeError(error: unknown) {
  const { name, message, stack } =
    error instanceof Error ? error : new Error(`a function threw ${format(error)}`);
  return { errorType: name, errorMessage: message, stackTrace: stack?.split("\n") ?? [] };
}

async function loadHandler(): Promise<Handler> {
  const dot = settings.handler.lastIndexOf(".");
  const module = settings.handler.slice(0, dot);
  const file = ["mjs", "js", "cjs"]
    .map((extension) => join(settings.codeDirectory, `${module}.${extension}`))
    .find((path) => existsSync(path));
  if (file === undefined) {
    throw new Error(`cannot find module ${module} in ${settings.codeDirectory}`);
  }
  const exported: Record<string, unknown> = await import(pathToFileURL(file).href);
  const handler = exported[settings.handler.slice(dot + 1)];
  if (typeof handler !== "function") {
    throw new Error(`${settings.handler} is not a function`);
  }
  return (event, context) => Reflect.apply(handler, undefined, [event, context]);
}

async function run(handler: Handler, message: ToWorker): Promise<void> {
  requestId = message.requestId;
  const deadline = Date.now() + message.context.timeoutMs;
  const context = {
    ...message.context,
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  try {
    const result = await handler(JSON.parse(message.event), context);
    post({ kind: "result", requestId, result: JSON.stringify(result ?? null) });
  } catch (error) {
    const description = describeError(error);
    console.error(description);
    post({ kind: "error", requestId, error: description });
  }
}

captureOutput();
patchConsole();
const handler = await loadHandler();
parentPort?.on("message", (message: ToWorker) => {
  void run(handler, message);
});
post({ kind: "ready" });
