import * as z from "zod";
import type { CollectorSettings } from "../../shared/collect/collector-settings.ts";
import { BASE_URLS, SOURCE_TRAITS } from "../../shared/collect/source-traits.ts";
import { sourceOf } from "../../shared/collect/sources.ts";
import type { CollectorProgressStore } from "../../shared/ports/collector-progress-store.ts";
import type { HttpExchange } from "../../shared/ports/http-exchange.ts";
import type { IdentityHash } from "../../shared/ports/pseudonyms.ts";
import { describeError } from "../middleware/describe-error.ts";
import { apiClient } from "./ask-api.ts";
import { type RunResult, runCollector } from "./run-collector.ts";
import type { PageStores } from "./store-page.ts";

/** A collector as the function gets it: the stack has filled in where its secret is. */
export type DeployedCollector = CollectorSettings & { readonly secretArn: string };

export type CollectUsageDeps = {
  readonly collectors: readonly DeployedCollector[];
  /** The text of a secret. */
  readonly secret: (arn: string) => Promise<string>;
  readonly http: HttpExchange;
  readonly progress: CollectorProgressStore;
  readonly stores: PageStores;
  readonly hash: IdentityHash;
  readonly nowMs: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly emitMetrics: (
    values: Readonly<Record<string, number>>,
    dimensions?: Readonly<Record<string, string>>,
  ) => void;
};

const CollectUsageEvent = z.object({ collector: z.string().min(1) });

/** Time to store a page and how far the run is, before Lambda ends the function. */
const RESERVE_MS = 20_000;

/** What is asked of Lambda's context. */
export type RunContext = { readonly getRemainingTimeInMillis: () => number };

/** The schedule names a collector that the configuration does not have. */
export class UnknownCollectorError extends Error {
  override readonly name = "UnknownCollectorError";

  constructor(id: string) {
    super(`no collector has the id ${id.slice(0, 40)}`);
  }
}

/**
 * Runs one collector. A provider that is down or limits us ends the run early and quietly: the next
 * one goes on there, and an alarm tells if none finishes for a day. A refused key, or an answer of
 * another form, fails the function at once.
 */
export function collectUsageHandler(deps: CollectUsageDeps) {
  return async (event: unknown, context: RunContext): Promise<RunResult> => {
    const { collector: id } = CollectUsageEvent.parse(event);
    const settings = deps.collectors.find((collector) => collector.id === id);
    if (settings === undefined) {
      throw new UnknownCollectorError(id);
    }
    try {
      const result = await runOne(deps, settings, context);
      console.info({ collector: id, ...result });
      deps.emitMetrics({
        Received: result.counts.received,
        Committed: result.counts.committed,
        Duplicate: result.counts.duplicate,
        Quarantined: result.counts.quarantined,
        Rejected: result.counts.rejected,
      });
      deps.emitMetrics(
        { CollectorFinished: result.outcome === "finished" ? 1 : 0 },
        { Collector: id },
      );
      return result;
    } catch (error) {
      console.error({ collector: id, outcome: "failed", error: describeError(error) });
      throw error;
    }
  };
}

async function runOne(
  deps: CollectUsageDeps,
  settings: DeployedCollector,
  { getRemainingTimeInMillis }: RunContext,
): Promise<RunResult> {
  const source = sourceOf(settings);
  const ask = apiClient({
    http: deps.http,
    clock: {
      nowMs: deps.nowMs,
      wait: deps.wait,
      remainingMs: () => getRemainingTimeInMillis() - RESERVE_MS,
    },
    baseUrl: settings.baseUrl ?? BASE_URLS[SOURCE_TRAITS[settings.source].provider],
    credentials: source.credentials(await deps.secret(settings.secretArn)),
    minIntervalMs: source.minIntervalMs ?? 0,
  });
  return runCollector({ ...deps, settings, source, ask });
}
