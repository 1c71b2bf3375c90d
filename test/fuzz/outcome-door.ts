import { hmacPseudonyms } from "../../functions/adapters/pseudonyms.ts";
import { ingestOutcomesHandler } from "../../functions/ingest-outcomes/ingest-outcomes.ts";
import type { UncountedRecord } from "../../shared/ports/quarantine.ts";
import { aContext } from "../support/api-gateway-events.ts";
import { inMemoryOutcomeLedger } from "../support/in-memory-outcome-ledger.ts";
import { inMemoryQuarantine } from "../support/in-memory-quarantine.ts";
import type { Door } from "./fuzz-target.ts";
import { answerFaults, countFaults, readAnswer } from "./http-answer.ts";
import { type HttpRoute, httpRequest } from "./http-request.ts";
import { lastCounts } from "./last-counts.ts";
import { outcomeFaults } from "./stored-faults.ts";
import { FUZZ_NOW_MS } from "./usage-door.ts";
import { FUZZ_WEBHOOK_SECRETS } from "./webhook-senders.ts";

const FRESH_STORES_EVERY = 100;

/** The function of ingest-outcomes behind its middleware. */
export function outcomeDoor(route: HttpRoute): Door {
  const metrics = lastCounts();
  let fed = 0;
  let ledger = inMemoryOutcomeLedger();
  let quarantine = inMemoryQuarantine();
  let kept: UncountedRecord[] = [];
  const pseudonymise = hmacPseudonyms("0123456789abcdef0123456789abcdef");
  const handler = ingestOutcomesHandler({
    ledger: {
      append: (outcome) => ledger.append(outcome),
      readBetween: (from, to) => ledger.readBetween(from, to),
    },
    quarantine: {
      ...quarantine,
      keep: async (record) => {
        kept.push(record);
        await quarantine.keep(record);
      },
    },
    pseudonyms: async () => pseudonymise,
    webhookSecrets: FUZZ_WEBHOOK_SECRETS,
    productionEnvironments: ["production"],
    undeliveredResolutions: ["Won't Do"],
    nowMs: () => FUZZ_NOW_MS,
    emitMetrics: metrics.emit,
  });
  return {
    feed: async (body, random) => {
      fed += 1;
      if (fed % FRESH_STORES_EVERY === 0) {
        ledger = inMemoryOutcomeLedger();
        quarantine = inMemoryQuarantine();
      }
      kept = [];
      const before = ledger.outcomes().length;
      const answer = await handler(httpRequest(route, body, random), aContext());
      const said = readAnswer(answer);
      const counts = metrics.take();
      const written = ledger.outcomes().slice(before);
      const held = kept.flatMap((record) => (record.kind === "outcome" ? [record.event] : []));
      return {
        answer: String(answer.statusCode),
        faults: [
          ...answerFaults(answer, said),
          ...countFaults(said, counts),
          ...(written.length === counts.committed ? [] : ["written is not what was counted"]),
          ...(held.length === counts.quarantined ? [] : ["held is not what was counted"]),
          ...[...written, ...held].flatMap(outcomeFaults),
        ],
      };
    },
  };
}
