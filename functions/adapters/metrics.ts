const NAMESPACE = "Outpace";

/**
 * Prints one line of CloudWatch embedded metric format: every value is a count in the namespace
 * `Outpace`, under the one set of dimensions given, or under none.
 *
 * Goes past `console`, because Lambda's JSON log format would wrap the line into a message that
 * CloudWatch does not read metrics from.
 */
export function emitMetrics(
  values: Readonly<Record<string, number>>,
  dimensions: Readonly<Record<string, string>> = {},
  nowMs: number = Date.now(),
): void {
  const line = {
    _aws: {
      Timestamp: nowMs,
      CloudWatchMetrics: [
        {
          Namespace: NAMESPACE,
          Dimensions: [Object.keys(dimensions)],
          Metrics: Object.keys(values).map((name) => ({ Name: name, Unit: "Count" })),
        },
      ],
    },
    ...dimensions,
    ...values,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
