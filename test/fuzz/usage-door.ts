import { hmacPseudonyms, identityHash } from "../../functions/adapters/pseudonyms.ts";
import { ingestUsageHandler } from "../../functions/ingest-usage/ingest-usage.ts";
import type { UncountedRecord } from "../../shared/ports/quarantine.ts";
import { aContext } from "../support/api-gateway-events.ts";
import { inMemoryQuarantine } from "../support/in-memory-quarantine.ts";
import { inMemoryUsageLedger } from "../support/in-memory-usage-ledger.ts";
import type { Door } from "./fuzz-target.ts";
import { answerFaults, countFaults, readAnswer } from "./http-answer.ts";
import { type HttpRoute, httpRequest } from "./http-request.ts";
import { lastCounts } from "./last-counts.ts";
import { callsIn, usageFaults } from "./stored-faults.ts";

/** The fixtures were captured the day before. */
export const FUZZ_NOW_MS = Date.UTC(2026, 10, 22);

const FRESH_STORES_EVERY = 100;

/**
 * The function of ingest-usage behind its middleware. Its stores are new every hundred bodies: long
 * enough that a body meets duplicates and conflicts, short enough to look at all of them.
 */
export function usageDoor(route: HttpRoute): Door {
  const metrics = lastCounts();
  let fed = 0;
  let ledger = inMemoryUsageLedger();
  let quarantine = inMemoryQuarantine();
  let kept: UncountedRecord[] = [];
  const pseudonymise = hmacPseudonyms("0123456789abcdef0123456789abcdef");
  const handler = ingestUsageHandler({
    ledger: { append: (events) => ledger.append(events) },
    quarantine: {
      keep: async (record) => {
        kept.push(record);
        await quarantine.keep(record);
      },
    },
    pseudonymise: async () => pseudonymise,
    hash: identityHash,
    nowMs: () => FUZZ_NOW_MS,
    emitMetrics: metrics.emit,
  });
  return {
    feed: async (body, random) => {
      fed += 1;
      if (fed % FRESH_STORES_EVERY === 0) {
        ledger = inMemoryUsageLedger();
        quarantine = inMemoryQuarantine();
      }
      kept = [];
      const before = ledger.events();
      const answer = await handler(httpRequest(route, body, random), aContext());
      const said = readAnswer(answer);
      const counts = metrics.take();
      const written = ledger.events().slice(before.length);
      const newCalls = callsIn(ledger.events()) - callsIn(before);
      const held = kept.flatMap((record) => (record.kind === "usage" ? [record.event] : []));
      return {
        answer: String(answer.statusCode),
        faults: [
          ...answerFaults(answer, said),
          ...countFaults(said, counts),
          ...(newCalls === counts.committed ? [] : ["written is not what was counted"]),
          ...(held.length === counts.quarantined ? [] : ["held is not what was counted"]),
          ...[...written, ...held].flatMap(usageFaults),
        ],
      };
    },
  };
}
