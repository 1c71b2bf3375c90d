import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { SentOutcome } from "../../shared/outcomes/outcome-event.ts";
import { parseOutcomeRecords } from "../../shared/outcomes/outcome-wire.ts";
import type { Pseudonymise } from "../../shared/ports/pseudonyms.ts";
import type { ParsedBatch } from "../../shared/usage/parsed-batch.ts";
import { idOfWireItem } from "../../shared/usage/usage-wire.ts";
import { type JsonRecord, readJsonBatch } from "../../shared/wire/json-batch.ts";
import { inParallel } from "../adapters/in-parallel.ts";
import { mediaType } from "../http/content-type.ts";
import { errorResponse, jsonResponse } from "../http/json-response.ts";
import { requestBytes } from "../http/request-body.ts";
import { type KnownSender, senderOf } from "../http/sender.ts";
import { utf8Text } from "../http/utf8.ts";
import { unavailable } from "../middleware/answer-unavailable.ts";
import { mayRecordOutcomes, NOT_FOR_OUTCOMES } from "./keyed-delivery.ts";
import { type CountOutcomes, countsOf } from "./outcome-counts.ts";
import {
  CONFLICT_DETAIL,
  keepAside,
  type OutcomeStores,
  type Recorded,
  recordOutcome,
  withPseudonym,
} from "./record-outcomes.ts";

const WRITES_AT_ONCE = 16;
const CONTENT_TYPES: ReadonlySet<string> = new Set(["application/json", "application/x-ndjson"]);

type Answer = APIGatewayProxyStructuredResultV2;

/** What became of one record, at its position in the request. */
type ItemResult = {
  readonly index: number;
  readonly id?: string;
  readonly status: Recorded | "rejected";
  readonly path?: string;
  readonly message?: string;
};

export type OutcomesRouteDeps = OutcomeStores & {
  readonly pseudonyms: () => Promise<Pseudonymise>;
  readonly count: CountOutcomes;
};

/**
 * `POST /v1/outcomes`: records delivered work, item by item. Only a key for `outcomes` or `any` may:
 * whoever sends usage must not be able to credit it as well.
 */
export async function outcomesRoute(
  event: APIGatewayProxyEventV2,
  deps: OutcomesRouteDeps,
): Promise<Answer> {
  if (!CONTENT_TYPES.has(mediaType(event.headers))) {
    return errorResponse(415, "content type must be application/json or application/x-ndjson");
  }
  const sender = senderOf(event);
  if (sender.kind === "unavailable") {
    return unavailable();
  }
  if (!mayRecordOutcomes(sender)) {
    return errorResponse(403, NOT_FOR_OUTCOMES);
  }
  const body = readBody(event);
  if ("refusal" in body) {
    return body.refusal;
  }
  const batch = parseOutcomeRecords(body.records, deps.nowMs());
  const results = await recordBatch(batch, body.records.map(idOfWireItem), sender, deps);
  const counts = countsOf(results.map(({ status }) => status));
  deps.count(event, counts, { keyId: sender.keyId });
  const isUseless = counts.received > 0 && counts.rejected === counts.received;
  return jsonResponse(isUseless ? 400 : 200, { ...counts, results });
}

function readBody(
  event: APIGatewayProxyEventV2,
): { readonly records: readonly JsonRecord[] } | { readonly refusal: Answer } {
  const body = requestBytes(event);
  if (body.kind === "refused") {
    return { refusal: errorResponse(body.status, body.message) };
  }
  const text = utf8Text(body.bytes);
  if (text === undefined) {
    return { refusal: errorResponse(400, "the body must be UTF-8, plain or gzip") };
  }
  const batch = readJsonBatch(text);
  return batch.kind === "records"
    ? { records: batch.records }
    : { refusal: errorResponse(batch.kind === "too-many" ? 413 : 400, batch.message) };
}

async function recordBatch(
  batch: ParsedBatch<SentOutcome>,
  ids: readonly { readonly id?: string }[],
  sender: KnownSender,
  deps: OutcomesRouteDeps,
): Promise<readonly ItemResult[]> {
  const pseudonymise = await deps.pseudonyms();
  const own = (sent: SentOutcome) => withPseudonym(sent, pseudonymise, sender);
  const rejected = batch.rejected.map(
    ({ index, path, message }): ItemResult => ({
      index,
      ...ids[index],
      status: "rejected",
      path,
      message,
    }),
  );
  const held = await inParallel(
    batch.quarantined,
    WRITES_AT_ONCE,
    async ({ event, reason, detail, index }): Promise<ItemResult> => {
      const status = await keepAside({ event: own(event), reason, detail }, deps);
      return { index, id: event.id, status, message: detail };
    },
  );
  const accepted = await inParallel(
    indexed(batch),
    WRITES_AT_ONCE,
    async ({ index, sent }): Promise<ItemResult> => {
      const status = await recordOutcome(own(sent), deps);
      const message = status === "quarantined" ? { message: CONFLICT_DETAIL } : {};
      return { index, id: sent.id, status, ...message };
    },
  );
  return [...rejected, ...held, ...accepted].sort((a, b) => a.index - b.index);
}

/** Accepted records at their positions: those that no other record of the request has. */
function indexed({ accepted, quarantined, rejected }: ParsedBatch<SentOutcome>) {
  const others = new Set([...quarantined, ...rejected].map(({ index }) => index));
  const positions = Array.from({ length: accepted.length + others.size }, (_, index) => index);
  const free = positions.filter((index) => !others.has(index)).values();
  return accepted.map((sent) => ({ sent, index: free.next().value ?? 0 }));
}
