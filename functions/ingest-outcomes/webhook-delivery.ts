import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { SentOutcome } from "../../shared/outcomes/outcome-event.ts";
import type { WebhookReading } from "../../shared/outcomes/webhook-reading.ts";
import type { Pseudonymise } from "../../shared/ports/pseudonyms.ts";
import { CLOCK_IN_FUTURE_DETAIL, isClockInFuture } from "../../shared/wire/clock-skew.ts";
import { inParallel } from "../adapters/in-parallel.ts";
import { jsonResponse } from "../http/json-response.ts";
import type { KnownSender } from "../http/sender.ts";
import { utf8Text } from "../http/utf8.ts";
import { type CountOutcomes, countsOf } from "./outcome-counts.ts";
import {
  keepAside,
  type OutcomeStores,
  type Recorded,
  recordOutcome,
  withPseudonym,
} from "./record-outcomes.ts";

/** Whoever signs, or shows a token: the secrets in force of each, none if it is not configured. */
export type WebhookSecrets = Readonly<
  Record<"github" | "gitlab" | "jira", () => Promise<readonly string[]>>
>;

export type ReadingDeps = OutcomeStores & {
  readonly pseudonyms: () => Promise<Pseudonymise>;
  readonly count: CountOutcomes;
};

export type WebhookDeps = ReadingDeps & {
  readonly webhookSecrets: WebhookSecrets;
  readonly productionEnvironments: readonly string[];
  /** Names of Jira's resolutions and statuses that deliver nothing. */
  readonly undeliveredResolutions: readonly string[];
};

type Answer = APIGatewayProxyStructuredResultV2;

export type SettleOptions = {
  /** @default 202 */
  readonly ignoredStatus?: 200 | 202;
  /** Who showed a key. Its id goes into the log beside the counts. */
  readonly sender?: KnownSender;
  /** @default the format of webhooks */
  readonly malformed?: (path: string, message: string) => Answer;
};

type Outcomes = Extract<WebhookReading, { kind: "outcomes" }>;

const WRITES_AT_ONCE = 16;

/** Undefined if the bytes are not JSON; JSON itself has no undefined. */
export function jsonIn(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8Text(bytes) ?? "");
  } catch {
    return undefined;
  }
}

export function refused(status: 400 | 401 | 413 | 415, message: string): Answer {
  return jsonResponse(status, { message });
}

function refusedAt(path: string, message: string): Answer {
  return refused(400, `${path}: ${message}`);
}

export const NOT_JSON: Answer = refused(400, "the body is not valid JSON");

/** Makes durable what a delivery says, counts it, and answers what became of it. */
export async function settleReading(
  event: APIGatewayProxyEventV2,
  reading: WebhookReading,
  deps: ReadingDeps,
  options: SettleOptions = {},
): Promise<Answer> {
  const { ignoredStatus = 202, sender, malformed = refusedAt } = options;
  switch (reading.kind) {
    case "ignored":
      return jsonResponse(ignoredStatus, { outcome: "ignored", reason: reading.reason });
    case "malformed":
      deps.count(event, countsOf(["rejected"]), keyOf(sender));
      return malformed(reading.path, reading.message);
    case "outcomes":
      return await record(event, reading, deps, options);
  }
}

async function record(
  event: APIGatewayProxyEventV2,
  { outcomes, restated }: Outcomes,
  deps: ReadingDeps,
  { sender }: SettleOptions,
): Promise<Answer> {
  const pseudonymise = await deps.pseudonyms();
  // A push can undo hundreds of commits, and GitHub waits for ten seconds, once.
  const results = await inParallel(outcomes, WRITES_AT_ONCE, async (sent) => ({
    id: sent.id,
    outcome: await recordOne(
      sent,
      restated,
      (own) => withPseudonym(own, pseudonymise, sender),
      deps,
    ),
  }));
  const recorded = results.map(({ outcome }) => outcome);
  deps.count(event, countsOf(recorded), keyOf(sender));
  return jsonResponse(200, { outcome: overall(recorded), results });
}

function keyOf(sender: KnownSender | undefined): Readonly<Record<string, string>> {
  return sender === undefined ? {} : { keyId: sender.keyId };
}

async function recordOne(
  sent: SentOutcome,
  restated: Outcomes["restated"],
  own: (sent: SentOutcome) => ReturnType<typeof withPseudonym>,
  deps: ReadingDeps,
): Promise<Recorded> {
  const event = own(sent);
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
