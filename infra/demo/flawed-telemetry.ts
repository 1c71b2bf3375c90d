import { DAY_MS, weekStartMs } from "./calendar.ts";
import type { AttributeValue } from "./otlp-records.ts";
import { exportBody, logRecord } from "./otlp-records.ts";
import type { UsageBody } from "./usage-feed.ts";

const VERSION = "2.1.330";
const SESSION = "5e551011-0000-4000-8000-00000000f1a3";
const RESOURCE = { "service.name": "claude-code", "service.version": VERSION };

/**
 * A handful of records that a real week has too: a clock that is a day ahead, negative tokens, the
 * same request with other figures, and a model that nobody knows a price of.
 *
 * @param nowMs The clock of this machine, which the receiver's is compared with.
 */
export function flawedTelemetry(nowMs: number): readonly UsageBody[] {
  const usualMs = weekStartMs(6) + 10 * 3_600_000;
  const usual = { model: "claude-sonnet-4-5", input_tokens: 120, output_tokens: 300 };
  return [
    body(nowMs + DAY_MS, { ...usual, request_id: "req_011Cdemo000000ahead" }),
    body(usualMs, { ...usual, request_id: "req_011Cdemo000negative", output_tokens: -5 }),
    body(usualMs, { ...usual, request_id: "req_011Cdemo000conflict" }),
    body(usualMs, { ...usual, request_id: "req_011Cdemo000conflict", output_tokens: 4_000 }),
    body(usualMs + 1_000, {
      ...usual,
      model: "acme-internal-7b",
      request_id: "req_011Cdemo000unpriced",
    }),
  ];
}

/** Not JSON: refused as a whole, since nobody can say what was in it. */
export const BROKEN_BODY = '{"resourceLogs":[{"resource":';

function body(timeMs: number, own: Readonly<Record<string, AttributeValue>>): UsageBody {
  const standard = { "session.id": SESSION, "user.email": "user-039@example.com" };
  const record = logRecord("api_request", timeMs, standard, 1, own);
  return { body: exportBody(RESOURCE, VERSION, [record]), records: 1, gzip: false };
}
