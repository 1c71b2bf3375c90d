import { hmacPseudonyms, identityHash } from "../../../functions/adapters/pseudonyms.ts";
import { ingestUsageHandler } from "../../../functions/ingest-usage/ingest-usage.ts";
import { recordedConsole } from "../../fuzz/recorded-console.ts";
import { aContext, anApiGatewayEvent } from "../../support/api-gateway-events.ts";
import { inMemoryQuarantine } from "../../support/in-memory-quarantine.ts";
import { inMemoryUsageLedger } from "../../support/in-memory-usage-ledger.ts";
import { cpuRounds, type Spread, spreadOf } from "../cpu-rounds.ts";
import { claudeCodeBatch, claudeCodeProtobuf } from "./claude-code-batch.ts";

const BATCHES = [1, 10, 100] as const;
const ROUNDS = 15;
const EVENTS_PER_ROUND = 2_000;

/** Events per second and core of the whole function, but for the network and the store. */
export type Throughput = {
  readonly events: number;
  readonly json: Spread;
  readonly protobuf: Spread;
};

export async function handlerThroughput(): Promise<readonly Throughput[]> {
  const log = recordedConsole();
  try {
    const measured: Throughput[] = [];
    for (const events of BATCHES) {
      measured.push(await throughputOf(events));
    }
    return measured;
  } finally {
    log.restore();
  }
}

async function throughputOf(events: number): Promise<Throughput> {
  const json = claudeCodeBatch({ events });
  const protobuf = claudeCodeProtobuf({ events });
  const runs = EVENTS_PER_ROUND / events;
  const rounds = await cpuRounds(
    {
      json: () => post(json.toString(), "application/json"),
      protobuf: () => post(protobuf, "application/x-protobuf"),
    },
    { rounds: ROUNDS, runs },
  );
  const perSecond = (micros: readonly number[]) =>
    spreadOf(micros.map((one) => (events * 1_000_000) / one));
  return { events, json: perSecond(rounds.json), protobuf: perSecond(rounds.protobuf) };
}

const pseudonymise = hmacPseudonyms("0123456789abcdef0123456789abcdef");
let ledger = inMemoryUsageLedger();

const handler = ingestUsageHandler({
  ledger: { append: (events) => ledger.append(events) },
  quarantine: inMemoryQuarantine(),
  pseudonymise: async () => pseudonymise,
  hash: identityHash,
  nowMs: () => Date.UTC(2026, 10, 22),
  emitMetrics: () => undefined,
});

/** To an empty ledger, or it would measure duplicates. */
async function post(body: string | Buffer, type: string): Promise<void> {
  ledger = inMemoryUsageLedger();
  const event = anApiGatewayEvent({
    routeKey: "POST /v1/logs",
    body,
    headers: { "content-type": type },
  });
  const { statusCode } = await handler(event, aContext());
  if (statusCode !== 200) {
    throw new Error(`the handler answered ${statusCode}`);
  }
}
