import type { Rejected } from "./parsed-batch.ts";
import type { Reading } from "./reading.ts";

/** `otlp`: by the OTLP routes. `usage`: by our own wire format. `litellm`: by LiteLLM's callback. */
export type UsageRoute = "otlp" | "usage" | "litellm";

/**
 * Whether a key may send usage of a tool: its source is the tool, or is the whole route, or is
 * `any`. A key for outcomes may send none.
 */
export function maySendUsage(source: string, route: UsageRoute, tool: string): boolean {
  return source === "any" || source === route || source === tool;
}

const NOT_PERMITTED = "the key may not send usage of this tool";

/** Rejects what a key may not send. A record without usage stays ignored. */
export function notPermitted(reading: Reading, path: string): Reading {
  return reading.kind === "ignored" ? reading : { kind: "rejected", path, message: NOT_PERMITTED };
}

export function isNotPermitted(rejected: Rejected): boolean {
  return rejected.message === NOT_PERMITTED;
}
