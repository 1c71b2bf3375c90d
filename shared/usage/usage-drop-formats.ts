import { BEDROCK_LOGS } from "./bedrock-log.ts";
import type { UsageDropFormat } from "./usage-drop.ts";

/** What is read below which folder of the drop bucket. */
export const USAGE_DROP_FORMATS: ReadonlyMap<string, UsageDropFormat> = new Map([
  ["bedrock", BEDROCK_LOGS],
]);
