/**
 * A Lambda execution environment as a process of its own, which can be killed: loads a bundled
 * function, and runs one invocation at a time. Started by function-processes.ts.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { flushCompileCache } from "node:module";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

export type ToChild = { readonly id: number; readonly event: unknown };
export type FromChild =
  | { readonly kind: "ready" }
  | {
      readonly kind: "done";
      readonly id: number;
      readonly result: unknown;
      /** What it counted in CloudWatch's embedded metric format. */
      readonly metrics: Readonly<Record<string, number>>;
    }
  | { readonly kind: "failed"; readonly id: number; readonly error: string };

const KEPT_ERRORS = 5;

/**
 * What each invocation counts. One that ran out of time has been answered for, but works on, beside
 * the next.
 */
const metricsOf = new AsyncLocalStorage<Record<string, number>>();
const errors: string[] = [];

/** Metrics are read; of what is logged, only the latest errors are kept, for when something fails. */
function captureOutput(): void {
  const write = (chunk: Uint8Array | string): boolean => {
    const line = String(chunk);
    const metrics = metricsOf.getStore();
    if (metrics !== undefined && line.startsWith('{"_aws"')) {
      const parsed: unknown = JSON.parse(line);
      for (const [name, value] of Object.entries(parsed ?? {})) {
        if (typeof value === "number") {
          metrics[name] = (metrics[name] ?? 0) + value;
        }
      }
    }
    return true;
  };
  process.stdout.write = write;
  const keep = (value: unknown) => {
    errors.push(inspect(value, { depth: 6, breakLength: Number.POSITIVE_INFINITY }));
    errors.splice(0, errors.length - KEPT_ERRORS);
  };
  Object.assign(console, { error: keep, warn: keep, info: () => undefined, log: () => undefined });
}

function send(message: FromChild): void {
  process.send?.(message);
}

async function load(file: string): Promise<Handler> {
  const exported: { readonly handler?: unknown } = await import(pathToFileURL(file).href);
  const { handler } = exported;
  if (typeof handler !== "function") {
    throw new Error(`${file} exports no handler`);
  }
  return (event, context) => Reflect.apply(handler, undefined, [event, context]);
}

async function invoke(handler: Handler, { id, event }: ToChild, timeoutMs: number): Promise<void> {
  const metrics: Record<string, number> = {};
  const deadline = Date.now() + timeoutMs;
  const context = {
    awsRequestId: String(id),
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  try {
    const result = await metricsOf.run(metrics, () => handler(event, context));
    send({ kind: "done", id, result, metrics });
  } catch (error) {
    send({ kind: "failed", id, error: `${inspect(error)}\n${errors.join("\n")}` });
  }
}

const [file = "", timeoutMs = ""] = process.argv.slice(2);
captureOutput();
const handler = await load(file);
process.on("message", (message: ToChild) => void invoke(handler, message, Number(timeoutMs)));
// The parent's end of the channel closes with the parent, however that ends.
process.on("disconnect", () => process.exit(1));
// Now: a process that is killed writes nothing when it ends, and the next one would compile all anew.
flushCompileCache();
send({ kind: "ready" });
