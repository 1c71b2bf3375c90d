import { identityHash } from "../../../functions/adapters/pseudonyms.ts";
import { otlpRequest } from "../../../functions/ingest-usage/otlp-request.ts";
import type { OtlpEncoding } from "../../../shared/otlp/export-response.ts";
import { decodeProtobuf } from "../../../shared/otlp/protobuf-decode.ts";
import { EXPORT_LOGS_SERVICE_REQUEST } from "../../../shared/otlp/protobuf-schema.ts";
import { usageFromOtlp } from "../../../shared/usage/usage-from-otlp.ts";
import { cpuRounds, ratioOf, type Spread, spreadOf } from "../cpu-rounds.ts";
import { claudeCodeBatch, claudeCodeProtobuf } from "./claude-code-batch.ts";

const EVENTS = 100;
const ROUNDS = 41;
const RUNS = 20;

/** CPU of parsing a batch of 100 calls, against the least that any parser has to do. */
export type ParseCost = {
  readonly events: number;
  readonly jsonBytes: number;
  readonly protobufBytes: number;
  /** Microseconds per event. */
  readonly json: Spread;
  readonly jsonParse: Spread;
  readonly protobuf: Spread;
  readonly bareDecode: Spread;
  readonly jsonRatio: Spread;
  readonly protobufRatio: Spread;
};

export async function parseCost(): Promise<ParseCost> {
  const json = claudeCodeBatch({ events: EVENTS });
  const protobuf = claudeCodeProtobuf({ events: EVENTS });
  const rounds = await cpuRounds(
    {
      jsonParse: () => JSON.parse(json.toString()),
      json: () => usageIn(json, "json"),
      bareDecode: () => decodeProtobuf(protobuf, EXPORT_LOGS_SERVICE_REQUEST),
      protobuf: () => usageIn(protobuf, "protobuf"),
    },
    { rounds: ROUNDS, runs: RUNS },
  );
  const perEvent = (micros: readonly number[]) => spreadOf(micros.map((one) => one / EVENTS));
  return {
    events: EVENTS,
    jsonBytes: json.length,
    protobufBytes: protobuf.length,
    json: perEvent(rounds.json),
    jsonParse: perEvent(rounds.jsonParse),
    protobuf: perEvent(rounds.protobuf),
    bareDecode: perEvent(rounds.bareDecode),
    jsonRatio: ratioOf(rounds.json, rounds.jsonParse),
    protobufRatio: ratioOf(rounds.protobuf, rounds.bareDecode),
  };
}

/** From bytes to accepted usage, by the calls that the route makes. */
function usageIn(bytes: Buffer, encoding: OtlpEncoding): void {
  const request = otlpRequest(bytes, encoding, "logs");
  const records = request.kind === "records" ? request.records : [];
  const { accepted } = usageFromOtlp(records, {
    nowMs: Date.UTC(2026, 10, 22),
    hash: identityHash,
    maySend: () => true,
  });
  if (accepted.length !== EVENTS) {
    throw new Error(`${accepted.length} of ${EVENTS} calls were accepted`);
  }
}
