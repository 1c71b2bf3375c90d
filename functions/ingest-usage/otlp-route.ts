import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type {
  OtlpEncoding,
  OtlpSignal,
  PartialSuccess,
} from "../../shared/otlp/export-response.ts";
import type { IdentityHash } from "../../shared/ports/pseudonyms.ts";
import type { ParsedBatch } from "../../shared/usage/parsed-batch.ts";
import { isNotPermitted, maySendUsage } from "../../shared/usage/sender-permission.ts";
import type { SentUsage } from "../../shared/usage/usage-event.ts";
import { usageFromOtlp } from "../../shared/usage/usage-from-otlp.ts";
import { requestBytes } from "../http/request-body.ts";
import { type KnownSender, senderOf } from "../http/sender.ts";
import { RETRY_AFTER_SECONDS } from "../middleware/answer-unavailable.ts";
import { otlpEncoding, otlpFailure, otlpSuccess } from "./otlp-answer.ts";
import { otlpRequest } from "./otlp-request.ts";
import { type RecordedUsage, recordUsage, type UsageStores } from "./record-usage.ts";
import type { CountUsage } from "./usage-counts.ts";

export type OtlpRouteDeps = UsageStores & {
  readonly hash: IdentityHash;
  readonly count: CountUsage;
};

type Answer = APIGatewayProxyStructuredResultV2;

const MAX_REASONS = 3;

/**
 * `POST /v1/logs`, `/v1/metrics` and `/v1/traces`: the receiver's side of OTLP over HTTP
 * (opentelemetry.io/docs/specs/otlp). Answers in the encoding of the request.
 */
export async function otlpRoute(
  event: APIGatewayProxyEventV2,
  signal: OtlpSignal,
  deps: OtlpRouteDeps,
): Promise<Answer> {
  const encoding = otlpEncoding(event);
  if (encoding === undefined) {
    return otlpFailure(415, "content type must be application/x-protobuf or application/json");
  }
  const sender = senderOf(event);
  if (sender.kind === "unavailable") {
    return otlpUnavailable(event);
  }
  const body = requestBytes(event);
  if (body.kind === "refused") {
    return otlpFailure(body.status, body.message, encoding);
  }
  const request = otlpRequest(body.bytes, encoding, signal);
  if (request.kind === "malformed") {
    return otlpFailure(400, request.message, encoding);
  }
  const batch = usageFromOtlp(request.records, {
    nowMs: deps.nowMs(),
    hash: deps.hash,
    maySend: (tool) => maySendUsage(sender.source, "otlp", tool),
  });
  return await record(event, batch, { sender, signal, encoding }, deps);
}

/** Asks an exporter to send again: it waits as long as `Retry-After` says. */
export function otlpUnavailable(event: APIGatewayProxyEventV2): Answer {
  const answer = otlpFailure(503, "temporarily unavailable, send it again", otlpEncoding(event));
  return {
    ...answer,
    headers: { ...answer.headers, "retry-after": String(RETRY_AFTER_SECONDS) },
  };
}

async function record(
  event: APIGatewayProxyEventV2,
  batch: ParsedBatch<SentUsage>,
  exchange: {
    readonly sender: KnownSender;
    readonly signal: OtlpSignal;
    readonly encoding: OtlpEncoding;
  },
  deps: OtlpRouteDeps,
): Promise<Answer> {
  const { sender, signal, encoding } = exchange;
  const recorded = await recordUsage(batch, sender, deps);
  deps.count(event, recorded.counts, { keyId: sender.keyId, ignored: batch.ignored });
  const { received, rejected } = recorded.counts;
  if (rejected > 0 && received === rejected && batch.rejected.every(isNotPermitted)) {
    return otlpFailure(403, "the key may not send usage of this tool", encoding);
  }
  return otlpSuccess(encoding, signal, partialSuccess(batch, recorded));
}

/**
 * Rejected records are lost, and said to be. Quarantined ones are kept here and so are not rejected:
 * they are a warning, which the specification allows with a count of 0.
 */
function partialSuccess(
  { rejected }: ParsedBatch<SentUsage>,
  { counts, quarantineDetails }: RecordedUsage,
): PartialSuccess | undefined {
  const reasons = [
    ...rejected.slice(0, MAX_REASONS).map(({ path, message }) => `${path} ${message}`),
    ...(counts.quarantined > 0
      ? [`${counts.quarantined} kept in quarantine: ${quarantineDetails.join("; ")}`]
      : []),
  ];
  return reasons.length === 0
    ? undefined
    : { rejected: rejected.length, message: reasons.join("; ") };
}
