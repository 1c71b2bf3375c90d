import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { AppendOutcome } from "../../shared/ports/usage-ledger.ts";
import type { ParsedBatch } from "../../shared/usage/parsed-batch.ts";
import { isNotPermitted, maySendUsage } from "../../shared/usage/sender-permission.ts";
import type { SentUsage } from "../../shared/usage/usage-event.ts";
import { exceededJsonLimit } from "../../shared/wire/bounded-json.ts";
import {
  type JsonRecord,
  MAX_RECORDS_PER_REQUEST,
  readJsonBatch,
} from "../../shared/wire/json-batch.ts";
import { mediaType } from "../http/content-type.ts";
import { errorResponse, jsonResponse } from "../http/json-response.ts";
import { requestBytes } from "../http/request-body.ts";
import { senderOf } from "../http/sender.ts";
import { utf8Text } from "../http/utf8.ts";
import { unavailable } from "../middleware/answer-unavailable.ts";
import { recordUsage, type UsageStores } from "./record-usage.ts";
import type { CountUsage, UsageCounts } from "./usage-counts.ts";
import type { ItemBatch, ItemFormat } from "./usage-formats.ts";

export type UsageRouteDeps = UsageStores & { readonly count: CountUsage };

type Answer = APIGatewayProxyStructuredResultV2;

/** What became of one item, at its position in the request. */
type ItemResult = {
  readonly index: number;
  readonly id?: string;
  readonly status: "committed" | "duplicate" | "quarantined" | "rejected" | "ignored";
  readonly path?: string;
  readonly message?: string;
};

const CONTENT_TYPES: ReadonlySet<string> = new Set(["application/json", "application/x-ndjson"]);

/** A route that takes usage as JSON items, answered item by item. */
export async function usageRoute(
  event: APIGatewayProxyEventV2,
  format: ItemFormat,
  deps: UsageRouteDeps,
): Promise<Answer> {
  if (!CONTENT_TYPES.has(mediaType(event.headers))) {
    return errorResponse(415, "content type must be application/json or application/x-ndjson");
  }
  const sender = senderOf(event);
  if (sender.kind === "unavailable") {
    return unavailable();
  }
  const body = readBody(event, format);
  if ("refusal" in body) {
    return body.refusal;
  }
  const batch = format.read(body.records, {
    nowMs: deps.nowMs(),
    maySend: (tool) => maySendUsage(sender.source, format.route, tool),
  });
  const { counts, outcomes } = await recordUsage(batch, sender, deps);
  deps.count(event, counts, { keyId: sender.keyId, ignored: batch.ignored });
  const results = resultsOf(batch, outcomes, body.records.map(format.idOf));
  return jsonResponse(statusOf(counts, batch), { ...counts, results });
}

function readBody(
  event: APIGatewayProxyEventV2,
  { jsonLimits, recordLimits }: ItemFormat,
): { readonly records: readonly JsonRecord[] } | { readonly refusal: Answer } {
  const body = requestBytes(event);
  if (body.kind === "refused") {
    return { refusal: errorResponse(body.status, body.message) };
  }
  const text = utf8Text(body.bytes);
  const excess =
    text === undefined ? "must be UTF-8, plain or gzip" : exceededJsonLimit(text, jsonLimits);
  if (text === undefined || excess !== undefined) {
    return { refusal: errorResponse(400, `the body ${excess}`) };
  }
  const batch = readJsonBatch(text, MAX_RECORDS_PER_REQUEST, recordLimits);
  return batch.kind === "records"
    ? { records: batch.records }
    : { refusal: errorResponse(batch.kind === "too-many" ? 413 : 400, batch.message) };
}

/** 400 if nothing at all was of use, 403 if all of it was someone else's to send. */
function statusOf({ received, rejected }: UsageCounts, batch: ParsedBatch<SentUsage>): number {
  if (rejected === 0 || rejected < received) {
    return 200;
  }
  return batch.rejected.every(isNotPermitted) ? 403 : 400;
}

function resultsOf(
  batch: ItemBatch,
  outcomes: readonly AppendOutcome[],
  ids: readonly { readonly id?: string }[],
): readonly ItemResult[] {
  const settled = new Map<number, Omit<ItemResult, "index" | "id">>([
    ...batch.rejected.map(
      ({ index, path, message }) => [index, { status: "rejected", path, message }] as const,
    ),
    ...batch.quarantined.map(
      ({ index, detail }) => [index, { status: "quarantined", message: detail }] as const,
    ),
    ...[...(batch.ignoredAt ?? [])].map(
      ([index, message]) => [index, { status: "ignored", message }] as const,
    ),
  ]);
  const accepted = outcomes.values();
  return ids.map((id, index) => ({
    index,
    ...id,
    ...(settled.get(index) ?? resultOf(accepted.next().value)),
  }));
}

function resultOf(outcome: AppendOutcome | undefined): Omit<ItemResult, "index" | "id"> {
  if (outcome === undefined) {
    throw new Error("the ledger must answer with one outcome for each event");
  }
  return outcome.kind === "quarantined"
    ? { status: "quarantined", message: outcome.quarantined.detail }
    : { status: outcome.kind };
}
