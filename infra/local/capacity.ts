import { isObject, jsonOrText, listOf, objectOf, textOf } from "./json.ts";

/** What one function spent with one operation on one table. */
export type CapacityEntry = {
  readonly function: string;
  readonly operation: string;
  readonly table: string;
  readonly calls: number;
  /** Read or write capacity units, as DynamoDB reports them (`ReturnConsumedCapacity`). */
  readonly units: number;
};

export type CapacityFilter = {
  /** Start of the function's logical id. */
  readonly function?: string;
  readonly operation?: string;
  readonly table?: string;
};

export type CapacityMeter = {
  readonly entries: (filter?: CapacityFilter) => readonly CapacityEntry[];
  readonly units: (filter?: CapacityFilter) => number;
  readonly calls: (filter?: CapacityFilter) => number;
  readonly reset: () => void;
  readonly record: (caller: string, operation: string, response: Buffer) => void;
};

const METERED = new Set([
  "BatchGetItem",
  "BatchWriteItem",
  "DeleteItem",
  "GetItem",
  "PutItem",
  "Query",
  "Scan",
  "TransactGetItems",
  "TransactWriteItems",
  "UpdateItem",
]);

export function isMetered(operation: string): boolean {
  return METERED.has(operation);
}

/** The request body, asking for the capacity that the call consumes. */
export function withConsumedCapacity(body: Buffer): Buffer {
  const text = body.toString();
  if (text.includes('"ReturnConsumedCapacity"')) {
    return Buffer.from(
      JSON.stringify({ ...objectOf(JSON.parse(text)), ReturnConsumedCapacity: "TOTAL" }),
    );
  }
  const rest = text.slice(text.indexOf("{") + 1);
  const comma = rest.trimStart().startsWith("}") ? "" : ",";
  return Buffer.from(`{"ReturnConsumedCapacity":"TOTAL"${comma}${rest}`);
}

export function capacityMeter(): CapacityMeter {
  const entries = new Map<string, CapacityEntry>();
  const select = (filter: CapacityFilter = {}) =>
    [...entries.values()].filter(
      (entry) =>
        entry.function.startsWith(filter.function ?? "") &&
        (filter.operation === undefined || entry.operation === filter.operation) &&
        (filter.table === undefined || entry.table === filter.table),
    );
  return {
    entries: select,
    units: (filter) => select(filter).reduce((sum, { units }) => sum + units, 0),
    calls: (filter) => select(filter).reduce((sum, { calls }) => sum + calls, 0),
    reset: () => entries.clear(),
    record: (caller, operation, response) => {
      for (const { table, units } of consumed(response)) {
        const key = `${caller} ${operation} ${table}`;
        const entry = entries.get(key);
        entries.set(key, {
          function: caller,
          operation,
          table,
          calls: (entry?.calls ?? 0) + 1,
          units: (entry?.units ?? 0) + units,
        });
      }
    },
  };
}

function consumed(response: Buffer): readonly { table: string; units: number }[] {
  const capacity = capacityOf(response);
  const parts = isObject(capacity) ? [capacity] : listOf(capacity).map(objectOf);
  return parts.map((part) => ({
    table: textOf(part["TableName"]) ?? "",
    units: Number(part["CapacityUnits"] ?? 0),
  }));
}

/**
 * The capacity is the last member of an answer, behind up to a megabyte of items: those need not
 * be parsed. An attribute of that name can only stand before it.
 */
function capacityOf(response: Buffer): unknown {
  const start = response.lastIndexOf('"ConsumedCapacity":');
  const end = jsonOrText(`{${response.toString("utf8", Math.max(0, start))}`);
  const answer = isObject(end) ? end : jsonOrText(response.toString());
  return objectOf(answer)["ConsumedCapacity"];
}
