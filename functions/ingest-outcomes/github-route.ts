import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { readGithubWebhook } from "../../shared/outcomes/github-webhook.ts";
import type { SentOutcome } from "../../shared/outcomes/outcome-event.ts";
import type { WebhookReading } from "../../shared/outcomes/webhook-reading.ts";
import type { Pseudonymise } from "../../shared/ports/pseudonyms.ts";
import { CLOCK_IN_FUTURE_DETAIL, isClockInFuture } from "../../shared/wire/clock-skew.ts";
import { inParallel } from "../adapters/in-parallel.ts";
import { isSignedWithOneOf } from "../adapters/webhook-signature.ts";
import { mediaType } from "../http/content-type.ts";
import { jsonResponse } from "../http/json-response.ts";
import { requestBytes } from "../http/request-body.ts";
import { utf8Text } from "../http/utf8.ts";
import { addToInvocationLog } from "../middleware/log-invocation.ts";
import { type CountOutcomes, countsOf } from "./outcome-counts.ts";
import {
  keepAside,
  type OutcomeStores,
  type Recorded,
  recordOutcome,
  withPseudonym,
} from "./record-outcomes.ts";

export type GithubRouteDeps = OutcomeStores & {
  readonly pseudonyms: () => Promise<Pseudonymise>;
  readonly webhookSecrets: () => Promise<readonly string[]>;
  readonly productionEnvironments: readonly string[];
  readonly count: CountOutcomes;
};

type Answer = APIGatewayProxyStructuredResultV2;
type Outcomes = Extract<WebhookReading, { kind: "outcomes" }>;

const WRITES_AT_ONCE = 16;
const DELIVERY_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * `POST /webhooks/github`: verifies the delivery on its raw bytes, before anything reads them, and
 * says what was made of it. GitHub never sends a delivery again by itself, so what is refused for a
 * fault in the setup says how to set it up.
 */
export async function githubRoute(
  event: APIGatewayProxyEventV2,
  deps: GithubRouteDeps,
): Promise<Answer> {
  const deliveryId = event.headers["x-github-delivery"] ?? "";
  if (DELIVERY_ID.test(deliveryId)) {
    addToInvocationLog(event, { githubDelivery: deliveryId });
  }
  const body = await requestBytes(event);
  if (body.kind === "refused") {
    return refused(body.status, body.message);
  }
  return (
    (await signatureFault(event, body.bytes, deps)) ?? (await deliver(event, body.bytes, deps))
  );
}

async function signatureFault(
  event: APIGatewayProxyEventV2,
  bytes: Buffer,
  { webhookSecrets }: GithubRouteDeps,
): Promise<Answer | undefined> {
  const signature = event.headers["x-hub-signature-256"];
  if (signature === undefined) {
    return refused(401, "X-Hub-Signature-256 is missing: give the webhook a secret");
  }
  return isSignedWithOneOf(await webhookSecrets(), bytes, signature)
    ? undefined
    : refused(401, "X-Hub-Signature-256 does not fit the body and the secret of this webhook");
}

async function deliver(
  event: APIGatewayProxyEventV2,
  bytes: Buffer,
  deps: GithubRouteDeps,
): Promise<Answer> {
  if (mediaType(event.headers) === "application/x-www-form-urlencoded") {
    return refused(415, "choose the content type application/json in the webhook's settings");
  }
  const payload = jsonIn(bytes);
  if (payload === undefined) {
    return refused(400, "the body is not valid JSON");
  }
  const name = event.headers["x-github-event"] ?? "";
  const reading = readGithubWebhook(name, payload, deps.productionEnvironments);
  switch (reading.kind) {
    case "ignored":
      return jsonResponse(name === "ping" ? 200 : 202, {
        outcome: "ignored",
        reason: reading.reason,
      });
    case "malformed":
      deps.count(event, countsOf(["rejected"]));
      return refused(400, `${reading.path}: ${reading.message}`);
    case "outcomes":
      return await record(event, reading, deps);
  }
}

async function record(
  event: APIGatewayProxyEventV2,
  { outcomes, restated }: Outcomes,
  deps: GithubRouteDeps,
): Promise<Answer> {
  const pseudonymise = await deps.pseudonyms();
  // A push can undo hundreds of commits, and GitHub waits for ten seconds, once.
  const results = await inParallel(outcomes, WRITES_AT_ONCE, async (sent) => ({
    id: sent.id,
    outcome: await recordOne(sent, restated, pseudonymise, deps),
  }));
  const recorded = results.map(({ outcome }) => outcome);
  deps.count(event, countsOf(recorded));
  return jsonResponse(200, { outcome: overall(recorded), results });
}

async function recordOne(
  sent: SentOutcome,
  restated: Outcomes["restated"],
  pseudonymise: Pseudonymise,
  deps: GithubRouteDeps,
): Promise<Recorded> {
  const event = withPseudonym(sent, pseudonymise);
  if (isClockInFuture(event.timeMs, deps.nowMs())) {
    return await keepAside(
      { event, reason: "clock-in-future", detail: CLOCK_IN_FUTURE_DETAIL },
      deps,
    );
  }
  if (restated === "conflict") {
    return await recordOutcome(event, deps);
  }
  return (await deps.ledger.append(event)) === "committed" ? "committed" : "duplicate";
}

/** One word for a delivery: what needs attention first, then what is new. */
function overall(recorded: readonly Recorded[]): Recorded {
  const order = ["quarantined", "committed", "duplicate"] as const;
  return order.find((outcome) => recorded.includes(outcome)) ?? "duplicate";
}

/** Undefined if the bytes are not JSON; JSON itself has no undefined. */
function jsonIn(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8Text(bytes) ?? "");
  } catch {
    return undefined;
  }
}

function refused(status: 400 | 401 | 413 | 415, message: string): Answer {
  return jsonResponse(status, { message });
}
