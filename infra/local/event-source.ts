import { compilePattern } from "./event-pattern.ts";
import { errorMessage, isObject, listOf, objectOf, textOf } from "./json.ts";
import type { Resource } from "./resource-types.ts";

export type EventSourceMapping = Resource<"AWS::Lambda::EventSourceMapping">;

/** Something that polls for records and invokes a function with them. */
export type EventSource = {
  /** Logical id of the mapping. */
  readonly name: string;
  readonly start: () => void;
  /** Whether every record that was there when asked has been dealt with. */
  readonly isDrained: () => Promise<boolean> | boolean;
  /** Ends a batching window early. */
  readonly flush: () => void;
  /** Stops polling. Records in work stay undone: they come again at the next start. */
  readonly close: () => Promise<void>;
};

/** Runs a step again and again until told to stop; a step that fails is noted and repeated. */
export function pollingLoop(
  step: (signal: AbortSignal) => Promise<void>,
  onError: (error: unknown) => void,
) {
  const stop = new AbortController();
  let running: Promise<void> = Promise.resolve();
  const run = async () => {
    while (!stop.signal.aborted) {
      try {
        await step(stop.signal);
      } catch (error) {
        if (!stop.signal.aborted) {
          onError(error);
          // Told to stop while it waits, it stops: that is no error.
          await pause(250, stop.signal).catch(() => {});
        }
      }
    }
  };
  return {
    start: () => {
      running = run();
    },
    stop: async () => {
      stop.abort();
      await running;
    },
  };
}

/** Waits, or throws as soon as the signal aborts. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(new Error("stopped"));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) {
      abort();
    }
  });
}

/** Whether a record passes the mapping's filters, of which one has to match. */
export function mappingFilter({ logicalId, properties }: EventSourceMapping) {
  try {
    const patterns = (properties.FilterCriteria?.Filters ?? []).map(({ Pattern }) =>
      compilePattern(JSON.parse(Pattern)),
    );
    return (record: unknown) =>
      patterns.length === 0 || patterns.some((matches) => matches(record));
  } catch (cause) {
    throw new Error(
      `resource ${logicalId} (AWS::Lambda::EventSourceMapping): ${errorMessage(cause)}`,
      { cause },
    );
  }
}

/**
 * The item identifiers that a function reports as failed.
 *
 * @throws {Error} on a malformed report, which counts as a failure of the whole batch.
 */
export function reportedFailures(
  { properties }: EventSourceMapping,
  result: unknown,
): ReadonlySet<string> {
  if (!properties.FunctionResponseTypes.includes("ReportBatchItemFailures")) {
    return new Set();
  }
  if (result !== null && !isObject(result)) {
    throw new Error(`expected a batch response, got: ${JSON.stringify(result)}`);
  }
  const identifiers = listOf(objectOf(result)["batchItemFailures"]).map((failure) =>
    textOf(objectOf(failure)["itemIdentifier"]),
  );
  if (identifiers.some((identifier) => identifier === undefined || identifier === "")) {
    throw new Error(`a batch response has an empty itemIdentifier: ${JSON.stringify(result)}`);
  }
  return new Set(identifiers.filter((identifier) => identifier !== undefined));
}
