import { fetchExchange } from "../../../functions/adapters/http-exchange.ts";
import { hmacPseudonyms, identityHash } from "../../../functions/adapters/pseudonyms.ts";
import {
  type CollectUsageDeps,
  collectUsageHandler,
  type DeployedCollector,
} from "../../../functions/collect-usage/collect-usage.ts";
import { CollectorSettings } from "../../../shared/collect/collector-settings.ts";
import { dayOf } from "../../../shared/ledger/calendar.ts";
import { foldUserDay } from "../../../shared/ledger/fold-user-day.ts";
import { REQUESTS_FIRST } from "../../../shared/ledger/grain-authority.ts";
import type { UserDay } from "../../../shared/ledger/roll-ups.ts";
import { genaiPriceBook } from "../../../shared/pricing/genai-price-book.ts";
import { capturedLog } from "../../support/captured-log.ts";
import {
  inMemoryCollectorProgress,
  inMemoryProviderStatements,
} from "../../support/in-memory-collector-stores.ts";
import { inMemoryQuarantine } from "../../support/in-memory-quarantine.ts";
import { inMemoryUsageLedger } from "../../support/in-memory-usage-ledger.ts";

export const SECRET = "canary-sk-ant-admin-0123456789";
export const pseudonymise = hmacPseudonyms("0123456789abcdef0123456789abcdef");

/** In the fixtures, the report day is over by an hour. */
export const NOW = Date.UTC(2026, 10, 21, 1);
const RUN_MS = 900_000;

/**
 * A collector over real HTTP, on in-memory stores. Time passes only by waiting, which takes none.
 */
export function setup(settings: object, overrides: Partial<CollectUsageDeps> = {}) {
  const collector: DeployedCollector = {
    ...CollectorSettings.parse({ id: "test", ...settings }),
    secretArn: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:key",
  };
  const clock = { nowMs: NOW, waits: [] as number[] };
  const ledger = inMemoryUsageLedger();
  const quarantine = inMemoryQuarantine();
  const statements = inMemoryProviderStatements();
  const progress = inMemoryCollectorProgress();
  const metrics: unknown[] = [];
  const log = capturedLog();
  const handler = collectUsageHandler({
    collectors: [collector],
    secret: async () => SECRET,
    http: fetchExchange(),
    progress,
    stores: {
      ledger,
      quarantine,
      statements,
      pseudonymise: async () => pseudonymise,
      nowMs: () => clock.nowMs,
    },
    hash: identityHash,
    nowMs: () => clock.nowMs,
    wait: async (ms) => {
      clock.waits.push(ms);
      clock.nowMs += ms;
    },
    emitMetrics: (values, dimensions) => metrics.push({ ...values, ...dimensions }),
    ...overrides,
  });
  const run = (runMs = RUN_MS) => {
    const endMs = clock.nowMs + runMs;
    return handler(
      { collector: "test", scheduledTime: new Date(clock.nowMs).toISOString() },
      { getRemainingTimeInMillis: () => endMs - clock.nowMs },
    );
  };
  /** The folded day of a person, as the roll-up has it. */
  const userDay = (subject: string, day: string): UserDay => {
    const user = subject === "unattributed" ? subject : pseudonymise(subject);
    const entries = ledger.events().filter((e) => e.user === user && dayOf(e.timeMs) === day);
    const rules = { priceBook: genaiPriceBook(), authority: REQUESTS_FIRST };
    return foldUserDay(user, day, entries, rules).userDay;
  };
  return { clock, ledger, quarantine, statements, progress, metrics, log, run, userDay };
}
