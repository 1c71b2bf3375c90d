import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { vi } from "vitest";
import { hmacPseudonyms, identityHash } from "../../../functions/adapters/pseudonyms.ts";
import {
  type IngestUsageDeps,
  ingestUsageHandler,
} from "../../../functions/ingest-usage/ingest-usage.ts";
import { aContext, anApiGatewayEvent } from "../../support/api-gateway-events.ts";
import { inMemoryQuarantine } from "../../support/in-memory-quarantine.ts";
import { inMemoryUsageLedger } from "../../support/in-memory-usage-ledger.ts";

export const pseudonymise = hmacPseudonyms("0123456789abcdef0123456789abcdef");

type Post = {
  readonly path: "logs" | "metrics" | "usage" | "litellm";
  readonly body?: string | Uint8Array | undefined;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly sender?: Readonly<Record<string, unknown>>;
  readonly remainingMs?: number;
};

/** The real pipeline on in-memory ports, with everything that it writes to logs at hand. */
export function setup(overrides: Partial<IngestUsageDeps> = {}) {
  const ledger = inMemoryUsageLedger();
  const quarantine = inMemoryQuarantine();
  const metrics: Readonly<Record<string, number>>[] = [];
  const info = vi.spyOn(console, "info").mockReturnValue();
  const error = vi.spyOn(console, "error").mockReturnValue();
  const handler = ingestUsageHandler({
    ledger,
    quarantine,
    pseudonymise: async () => pseudonymise,
    hash: identityHash,
    nowMs: () => Date.UTC(2026, 10, 22),
    emitMetrics: (values) => metrics.push(values),
    ...overrides,
  });
  return {
    ledger,
    quarantine,
    metrics,
    logs: () => JSON.stringify([...info.mock.calls, ...error.mock.calls]),
    logLines: () => [...info.mock.calls, ...error.mock.calls].map(([line]: unknown[]) => line),
    post: ({ path, body, type = "application/json", headers, sender, remainingMs }: Post) =>
      handler(
        anApiGatewayEvent({
          routeKey: `POST /v1/${path}`,
          body,
          headers: { "content-type": type, ...headers },
          ...(sender === undefined ? {} : { authorizer: sender }),
        }),
        aContext(remainingMs),
      ),
  };
}

/** The body of a JSON answer. */
export function jsonOf({ body }: APIGatewayProxyStructuredResultV2): unknown {
  return JSON.parse(body ?? "");
}
