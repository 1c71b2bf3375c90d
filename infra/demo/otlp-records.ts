/** What Claude Code puts into an attribute; whole numbers are JSON numbers, as it really sends them. */
export type AttributeValue = string | number | boolean;
type Attribute = { readonly key: string; readonly value: object };

export type LogRecord = {
  readonly timeUnixNano: string;
  readonly observedTimeUnixNano: string;
  readonly body: { readonly stringValue: string };
  readonly attributes: readonly Attribute[];
  readonly droppedAttributesCount: number;
};

/** A double that happens to be whole would else look like an integer on the wire. */
const DOUBLES = new Set(["cost_usd"]);

export function attributes(values: Readonly<Record<string, AttributeValue>>): Attribute[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: anyValue(key, value) }));
}

function anyValue(key: string, value: AttributeValue): object {
  switch (typeof value) {
    case "string":
      return { stringValue: value };
    case "boolean":
      return { boolValue: value };
    default:
      return DOUBLES.has(key) ? { doubleValue: value } : { intValue: value };
  }
}

/** One event, with the name both in the body and in an attribute, as the client does. */
export function logRecord(
  name: string,
  timeMs: number,
  standard: Readonly<Record<string, AttributeValue>>,
  sequence: number,
  own: Readonly<Record<string, AttributeValue>>,
): LogRecord {
  const nanoseconds = `${timeMs}000000`;
  return {
    timeUnixNano: nanoseconds,
    observedTimeUnixNano: nanoseconds,
    body: { stringValue: `claude_code.${name}` },
    attributes: attributes({
      ...standard,
      "event.name": name,
      "event.timestamp": new Date(timeMs).toISOString(),
      "event.sequence": sequence,
      ...own,
    }),
    droppedAttributesCount: 0,
  };
}

/** The body of `POST /v1/logs` (OTLP/HTTP, JSON encoding). */
export function exportBody(
  resource: Readonly<Record<string, AttributeValue>>,
  version: string,
  records: readonly LogRecord[],
): string {
  return JSON.stringify({
    resourceLogs: [
      {
        resource: { attributes: attributes(resource), droppedAttributesCount: 0 },
        scopeLogs: [
          { scope: { name: "com.anthropic.claude_code.events", version }, logRecords: records },
        ],
      },
    ],
  });
}
