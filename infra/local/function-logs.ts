import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { errorMessage, isObject, type JsonObject, listOf, objectOf, textOf } from "./json.ts";

/** Lines kept in memory per function. The file keeps all of them. */
const KEPT_LINES = 5000;

/** What the functions print: in `<state>/logs`, in memory for tests, and summed up as metrics. */
export type FunctionLogs = {
  readonly append: (logicalId: string, text: string) => void;
  /** Notes a failure that only the host has seen, such as a function that ran out of time. */
  readonly hostError: (logicalId: string, error: unknown) => void;
  /** The latest lines of the functions whose logical id starts so; of all of them by default. */
  readonly lines: (logicalIdPrefix?: string) => readonly string[];
  /** Sums of embedded metrics: `Received` or, with dimensions, `Received{Source=kiro}`. */
  readonly metrics: ReadonlyMap<string, number>;
  readonly close: () => void;
};

export function functionLogs(
  directory: string,
  onLine: (logicalId: string, line: string) => void = () => undefined,
): FunctionLogs {
  mkdirSync(directory, { recursive: true });
  const files = new Map<string, number>();
  const kept = new Map<string, string[]>();
  const metrics = new Map<string, number>();
  const fileOf = (logicalId: string) => {
    const file = files.get(logicalId) ?? openSync(join(directory, `${logicalId}.log`), "a");
    files.set(logicalId, file);
    return file;
  };
  const append = (logicalId: string, text: string) => {
    writeSync(fileOf(logicalId), text.endsWith("\n") ? text : `${text}\n`);
    const lines = kept.get(logicalId) ?? [];
    kept.set(logicalId, lines);
    for (const line of text.split("\n").filter((part) => part !== "")) {
      lines.push(line);
      addMetrics(metrics, line);
      onLine(logicalId, line);
    }
    if (lines.length > 2 * KEPT_LINES) {
      lines.splice(0, lines.length - KEPT_LINES);
    }
  };
  return {
    append,
    hostError: (logicalId, error) => {
      append(logicalId, JSON.stringify({ level: "ERROR", host: errorMessage(error) }));
    },
    lines: (prefix = "") =>
      [...kept].filter(([logicalId]) => logicalId.startsWith(prefix)).flatMap(([, lines]) => lines),
    metrics,
    close: () => {
      for (const file of files.values()) {
        closeSync(file);
      }
      files.clear();
    },
  };
}

/** CloudWatch embedded metric format: a log line that is a JSON object with an `_aws` member. */
function addMetrics(sums: Map<string, number>, line: string): void {
  if (!line.includes('"_aws"')) {
    return;
  }
  const record = parseRecord(line);
  for (const directive of listOf(objectOf(record["_aws"])["CloudWatchMetrics"]).map(objectOf)) {
    const dimensionSets = listOf(directive["Dimensions"]).map(listOf);
    for (const name of listOf(directive["Metrics"]).map((metric) =>
      textOf(objectOf(metric)["Name"]),
    )) {
      for (const dimensions of dimensionSets.length === 0 ? [[]] : dimensionSets) {
        addMetric(sums, record, name ?? "", dimensions.map(String));
      }
    }
  }
}

function addMetric(
  sums: Map<string, number>,
  record: JsonObject,
  name: string,
  dimensions: readonly string[],
): void {
  const labels = [...dimensions].sort().map((dimension) => `${dimension}=${record[dimension]}`);
  const key = labels.length === 0 ? name : `${name}{${labels.join(",")}}`;
  const values = [record[name]].flat().map(Number);
  sums.set(
    key,
    values.reduce((sum, value) => sum + value, sums.get(key) ?? 0),
  );
}

function parseRecord(line: string): JsonObject {
  try {
    const record: unknown = JSON.parse(line);
    return isObject(record) ? record : {};
  } catch {
    return {};
  }
}
