import { KIRO_TOOL } from "./kiro-day.ts";
import { readKiroEvent } from "./kiro-events.ts";
import { readKiroPoint } from "./kiro-metrics.ts";
import { ignoredSpan, type OtlpSender } from "./otlp-sender.ts";

/** The name that Kiro's servers give themselves; a gateway or a client of Kiro has another. */
const SERVICE = "kiro-enterprise";

/**
 * Kiro's export of user activity (kiro.dev/docs/enterprise/monitor-and-track/user-activity), pushed by
 * its servers: daily metrics, which have the credits, and events as they happen.
 */
export const KIRO: OtlpSender = {
  tool: KIRO_TOOL,
  sent: ({ serviceName }) => serviceName === SERVICE,
  readLogRecord: readKiroEvent,
  readMetricPoint: readKiroPoint,
  readSpan: ignoredSpan,
};
