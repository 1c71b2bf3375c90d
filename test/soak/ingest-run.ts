import * as z from "zod";
import { anApiGatewayEvent } from "../support/api-gateway-events.ts";
import { draw } from "./draws.ts";
import { type FunctionProcesses, type Invoked, ProcessDiedError } from "./function-processes.ts";
import { flawsOf, type SoakRequest } from "./request-plan.ts";
import { type WireBody, wireBody } from "./usage-bodies.ts";
import type { UsagePlan } from "./usage-plan.ts";

export type IngestTotals = {
  received: number;
  committed: number;
  duplicate: number;
  quarantined: number;
  rejected: number;
  /** Answers 2xx, and how often a request had to be sent again until it got one. */
  answered: number;
  unavailable: number;
  unanswered: number;
};

export type IngestRun = {
  readonly totals: Readonly<IngestTotals>;
  /** Answers that break a promise of the API, in words. */
  readonly violations: readonly string[];
};

/** Far more than twelve faults in a hundred can ask for: a request that never succeeds is a fault of ours. */
const MOST_ATTEMPTS = 200;
const RETRY_PURPOSE = 300;

const Answer = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.string()).optional(),
});

type Delivery = { readonly request: SoakRequest; readonly attempts: number };

/**
 * Sends every request until it is answered 2xx. What is refused, or was under way when its process
 * was killed, comes again later, among other requests.
 */
export async function ingestRun(
  plan: UsagePlan,
  requests: readonly SoakRequest[],
  processes: FunctionProcesses,
  senders: number,
  onAnswered: (answered: number) => void,
): Promise<IngestRun> {
  const totals: IngestTotals = {
    received: 0,
    committed: 0,
    duplicate: 0,
    quarantined: 0,
    rejected: 0,
    answered: 0,
    unavailable: 0,
    unanswered: 0,
  };
  const violations: string[] = [];
  const queue = requests.values();
  const again: Delivery[] = [];
  let draws = 0;
  let underWay = 0;
  const waiting: (() => void)[] = [];
  const wakeAll = () => {
    for (const wake of waiting.splice(0)) {
      wake();
    }
  };

  const next = (): Delivery | undefined => {
    draws += 1;
    if (again.length > 0 && draw(plan.seed, draws, RETRY_PURPOSE) < 0.5) {
      return again.shift();
    }
    const { value } = queue.next();
    return value === undefined ? again.shift() : { request: value, attempts: 0 };
  };

  const deliver = async ({ request, attempts }: Delivery) => {
    if (attempts >= MOST_ATTEMPTS) {
      throw new Error(`a request was refused ${attempts} times`);
    }
    const outcome = await attempt(processes, apiEvent(plan, request));
    if (outcome.kind === "answered") {
      totals.answered += 1;
      count(totals, violations, request, outcome.invoked);
      onAnswered(totals.answered);
      return;
    }
    totals[outcome.kind] += 1;
    violations.push(...outcome.violations);
    again.push({ request, attempts: attempts + 1 });
  };

  /** Waits for what may still come back. Answers false if nothing can. */
  const mayComeBack = async () => {
    if (underWay === 0) {
      return false;
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
    return true;
  };

  const sender = async () => {
    let isOpen = true;
    while (isOpen) {
      const delivery = next();
      if (delivery === undefined) {
        isOpen = await mayComeBack();
      } else {
        underWay += 1;
        await deliver(delivery);
        underWay -= 1;
        wakeAll();
      }
    }
  };
  await Promise.all(Array.from({ length: senders }, sender));
  return { totals, violations };
}

type Attempt =
  | { readonly kind: "answered"; readonly invoked: Invoked }
  | { readonly kind: "unavailable" | "unanswered"; readonly violations: readonly string[] };

async function attempt(processes: FunctionProcesses, event: unknown): Promise<Attempt> {
  let invoked: Invoked;
  try {
    invoked = await processes.invoke(event);
  } catch (error) {
    // API Gateway answers 500 for a handler that throws, and an exporter then drops the data.
    const violations = error instanceof ProcessDiedError ? [] : [`the handler threw: ${error}`];
    return { kind: "unanswered", violations };
  }
  const { statusCode, headers } = Answer.parse(invoked.result);
  if (statusCode === 200) {
    return { kind: "answered", invoked };
  }
  const isRetryable = statusCode === 503 && Number(headers?.["retry-after"]) > 0;
  return {
    kind: "unavailable",
    violations: isRetryable ? [] : [`answered ${statusCode}: ${JSON.stringify(invoked.result)}`],
  };
}

/** Adds up an answer: everything in the request is accounted for, and only what is flawed is held back. */
function count(
  totals: IngestTotals,
  violations: string[],
  { events, hasFlaws }: SoakRequest,
  { metrics }: Invoked,
): void {
  const of = (name: string) => metrics[name] ?? 0;
  const flaws = hasFlaws ? 1 : 0;
  const counts = {
    received: of("Received"),
    committed: of("Committed"),
    duplicate: of("Duplicate"),
    quarantined: of("Quarantined"),
    rejected: of("Rejected"),
  };
  const { received, committed, duplicate, quarantined, rejected } = counts;
  for (const [name, value] of Object.entries(counts)) {
    totals[name as keyof typeof counts] += value;
  }
  if (
    received !== committed + duplicate + quarantined + rejected ||
    received !== events.length + 2 * flaws ||
    quarantined !== flaws ||
    rejected !== flaws
  ) {
    violations.push(`${events.length} events, flawed ${flaws}: ${JSON.stringify(counts)}`);
  }
}

/** What API Gateway makes of the request. */
export function apiEvent(plan: UsagePlan, { format, events, hasFlaws }: SoakRequest) {
  const sent = events.map(plan.event);
  const [first] = sent;
  const flaws = hasFlaws && first !== undefined ? Object.values(flawsOf(first)) : [];
  return gatewayEvent(wireBody(format, [...sent, ...flaws]));
}

export function gatewayEvent({ routeKey, contentType, body }: WireBody) {
  return anApiGatewayEvent({ routeKey, body, headers: { "content-type": contentType } });
}
