import { readClaudeCodeEvent } from "./claude-code-events.ts";
import { CLAUDE_CODE_TOOL } from "./claude-code-identity.ts";
import { readClaudeCodePoint } from "./claude-code-metrics.ts";
import { ignoredSpan, type OtlpSender } from "./otlp-sender.ts";

const SCOPE = /^com\.anthropic\.claude_code(?:\.|$)/;
const SERVICES: ReadonlySet<string> = new Set(["claude-code", "claude-code-desktop"]);

/** Claude Code, known by its scope; its service name, which a deployment may change, is second. */
export const CLAUDE_CODE: OtlpSender = {
  tool: CLAUDE_CODE_TOOL,
  sent: ({ scopeName, serviceName }) => SCOPE.test(scopeName) || SERVICES.has(serviceName),
  readLogRecord: readClaudeCodeEvent,
  readMetricPoint: readClaudeCodePoint,
  readSpan: ignoredSpan,
};
