import { hmacPseudonyms } from "../../functions/adapters/pseudonyms.ts";
import { ingestOutcomesHandler } from "../../functions/ingest-outcomes/ingest-outcomes.ts";
import { type ApiRequest, aContext, anApiGatewayEvent } from "./api-gateway-events.ts";
import { GITHUB_SECRET } from "./github-deliveries.ts";
import { inMemoryOutcomeLedger } from "./in-memory-outcome-ledger.ts";
import { inMemoryQuarantine } from "./in-memory-quarantine.ts";

export const INGEST_NOW_MS = Date.parse("2026-11-22T12:00:00Z");

/** The whole function of ingest-outcomes, behind its middleware, on stores in memory. */
export function ingestOutcomesSetup() {
  const ledger = inMemoryOutcomeLedger();
  const quarantine = inMemoryQuarantine();
  const metrics: Readonly<Record<string, number>>[] = [];
  const pseudonymise = hmacPseudonyms("0123456789abcdef0123456789abcdef");
  const secrets = {
    current: [GITHUB_SECRET] as readonly string[],
    gitlab: ["change-me"] as readonly string[],
    jira: [GITHUB_SECRET] as readonly string[],
  };
  const handler = ingestOutcomesHandler({
    ledger,
    quarantine,
    pseudonyms: async () => pseudonymise,
    webhookSecrets: {
      github: async () => secrets.current,
      gitlab: async () => secrets.gitlab,
      jira: async () => secrets.jira,
    },
    productionEnvironments: ["production"],
    undeliveredResolutions: ["Won't Do", "Duplicate"],
    nowMs: () => INGEST_NOW_MS,
    emitMetrics: (values) => metrics.push(values),
  });
  const send = async (request: ApiRequest) => {
    const response = await handler(anApiGatewayEvent(request), aContext());
    return {
      status: response.statusCode,
      headers: response.headers ?? {},
      body: JSON.parse(response.body ?? "null"),
    };
  };
  return { ledger, quarantine, metrics, pseudonymise, secrets, send };
}
