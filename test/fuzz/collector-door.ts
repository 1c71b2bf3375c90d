import { hmacPseudonyms, identityHash } from "../../functions/adapters/pseudonyms.ts";
import { ApiRefusedError } from "../../functions/collect-usage/ask-api.ts";
import { collectUsageHandler } from "../../functions/collect-usage/collect-usage.ts";
import { CollectorSettings } from "../../shared/collect/collector-settings.ts";
import { UnreadablePageError } from "../../shared/collect/collector-source.ts";
import type { UncountedRecord } from "../../shared/ports/quarantine.ts";
import {
  inMemoryCollectorProgress,
  inMemoryProviderStatements,
} from "../support/in-memory-collector-stores.ts";
import { inMemoryUsageLedger } from "../support/in-memory-usage-ledger.ts";
import type { Door } from "./fuzz-target.ts";
import { countFaults } from "./http-answer.ts";
import { callsIn, usageFaults } from "./stored-faults.ts";
import { FUZZ_NOW_MS } from "./usage-door.ts";

/** Then the provider is down: a page may say that there is another one, for ever. */
const PAGES_OF_A_RUN = 3;
const RUN_MS = 900_000;

/** Pages that are as they should be, by a part of their address. All others are the body that is fed. */
export type SoundPages = Readonly<Record<string, string>>;

/**
 * The function of collect-usage with a provider that answers every request with the same body, but for
 * sound pages. A page that cannot be read fails the run, as nothing of it may be taken; any other error
 * is a crash.
 */
export function collectorDoor(
  settings: Readonly<Record<string, unknown>>,
  soundPages: SoundPages = {},
): Door {
  const collector = {
    ...CollectorSettings.parse({ id: "fuzz", ...settings }),
    secretArn: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:key",
  };
  const pseudonymise = hmacPseudonyms("0123456789abcdef0123456789abcdef");
  return {
    feed: async (body) => {
      const ledger = inMemoryUsageLedger();
      const statements = inMemoryProviderStatements();
      const kept: UncountedRecord[] = [];
      let pages = 0;
      const handler = collectUsageHandler({
        collectors: [collector],
        secret: async () => "a key",
        http: async ({ url }) => {
          pages += 1;
          const status = pages > PAGES_OF_A_RUN ? 503 : 200;
          const [, sound] = Object.entries(soundPages).find(([part]) => url.includes(part)) ?? [];
          return { status, header: () => undefined, text: sound ?? body.toString("utf8") };
        },
        progress: inMemoryCollectorProgress(),
        stores: {
          ledger,
          statements,
          quarantine: {
            keep: async (record) => {
              kept.push(record);
            },
          },
          pseudonymise: async () => pseudonymise,
          nowMs: () => FUZZ_NOW_MS,
        },
        hash: identityHash,
        nowMs: () => FUZZ_NOW_MS,
        wait: async () => undefined,
        emitMetrics: () => undefined,
      });
      const context = { getRemainingTimeInMillis: () => RUN_MS };
      const result = await handler({ collector: "fuzz" }, context).catch(expectedError);
      const held = kept.flatMap((record) => (record.kind === "usage" ? [record.event] : []));
      const stored = [...ledger.events(), ...held].flatMap(usageFaults);
      // Throws, if what is kept of a statement is not what it was.
      statements.all();
      if (result === "unreadable") {
        return { answer: result, faults: stored };
      }
      const { counts } = result;
      return {
        answer: counts.committed + result.statements > 0 ? "taken" : "nothing in it",
        faults: [
          ...stored,
          ...countFaults({}, counts),
          ...(callsIn(ledger.events()) === counts.committed
            ? []
            : ["written is not what was counted"]),
          ...(held.length === counts.quarantined ? [] : ["held is not what was counted"]),
        ],
      };
    },
  };
}

function expectedError(error: unknown): "unreadable" {
  if (error instanceof UnreadablePageError || error instanceof ApiRefusedError) {
    return "unreadable";
  }
  throw error;
}
