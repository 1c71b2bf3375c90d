import { BEDROCK_LOGS } from "./bedrock-log.ts";
import { CLAUDE_CODE_TRANSCRIPTS } from "./claude-code-transcript.ts";
import { CODEX_ROLLOUTS } from "./codex-rollout.ts";
import { KIRO_REPORTS } from "./kiro-report.ts";
import { LITELLM_EXPORTS } from "./litellm-export.ts";
import type { UsageDropFormat } from "./usage-drop.ts";

/** What is read below which folder of the drop bucket. */
export const USAGE_DROP_FORMATS: ReadonlyMap<string, UsageDropFormat> = new Map([
  ["bedrock", BEDROCK_LOGS],
  ["claude-code", CLAUDE_CODE_TRANSCRIPTS],
  ["codex", CODEX_ROLLOUTS],
  ["kiro", KIRO_REPORTS],
  ["litellm", LITELLM_EXPORTS],
]);
