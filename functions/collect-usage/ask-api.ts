import type { ApiRequest } from "../../shared/collect/collector-source.ts";
import { isRateLimited, retryDelayMs } from "../../shared/collect/retry-delay.ts";
import {
  type HttpAnswer,
  type HttpExchange,
  type HttpRequest,
  NoAnswerError,
} from "../../shared/ports/http-exchange.ts";

const MOST_ATTEMPTS = 6;
const LONGEST_REQUEST_MS = 60_000;

/** The time of a run. */
export type Clock = {
  readonly nowMs: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** What is left until the run has to end, with time to store what is read. */
  readonly remainingMs: () => number;
};

export type ApiDeps = {
  readonly http: HttpExchange;
  readonly clock: Clock;
  readonly baseUrl: string;
  /** Sent below the base URL only. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly minIntervalMs: number;
};

/** The API is limited, failing or slow, and the time of the run does not allow to wait for it. */
export class ApiUnavailableError extends Error {
  override readonly name = "ApiUnavailableError";

  constructor(step: string, why: string) {
    super(`${step} got no answer within the time of the run: ${why}`);
  }
}

/** The API refuses the request: a wrong or weak key, a wrong organisation. Waiting does not help. */
export class ApiRefusedError extends Error {
  override readonly name = "ApiRefusedError";
  readonly status: number;

  constructor(step: string, status: number) {
    const hint =
      status === 401 || status === 403 ? "; check the key in the collector's secret" : "";
    super(`the API answered ${step} with ${status}${hint}`);
    this.status = status;
  }
}

export type AskApi = (step: string, request: ApiRequest) => Promise<string>;

/**
 * Makes requests one after another, not faster than the provider allows. What is limited (429), down
 * (5xx) or lost is tried again after the wait that the provider asks for, as long as the run has
 * time.
 *
 * @throws {ApiUnavailableError} from the returned function, if the rest has to wait for another run.
 * @throws {ApiRefusedError} from the returned function.
 */
export function apiClient(deps: ApiDeps): AskApi {
  const { clock } = deps;
  let earliestMs = 0;
  const paced = async (step: string, request: ApiRequest): Promise<Attempt> => {
    await waitIfTimeAllows(clock, step, earliestMs - clock.nowMs(), "the limit of the provider");
    earliestMs = clock.nowMs() + deps.minIntervalMs;
    return attempt(deps, request);
  };
  return async (step, request) => {
    for (let count = 1; ; count += 1) {
      const outcome = await paced(step, request);
      if (outcome.kind === "answer") {
        return outcome.text;
      }
      if (outcome.kind === "refused") {
        throw new ApiRefusedError(step, outcome.status);
      }
      if (count === MOST_ATTEMPTS) {
        throw new ApiUnavailableError(step, outcome.why);
      }
      const delayMs = retryDelayMs(outcome.header, count, clock.nowMs());
      await waitIfTimeAllows(clock, step, delayMs, outcome.why);
    }
  };
}

type Attempt =
  | { readonly kind: "answer"; readonly text: string }
  | { readonly kind: "refused"; readonly status: number }
  | { readonly kind: "later"; readonly why: string; readonly header: HttpAnswer["header"] };

async function attempt(deps: ApiDeps, request: ApiRequest): Promise<Attempt> {
  try {
    return outcomeOf(await deps.http(httpRequest(deps, request)), request);
  } catch (error) {
    if (error instanceof NoAnswerError) {
      return { kind: "later", why: error.message, header: () => undefined };
    }
    throw error;
  }
}

function httpRequest({ clock, baseUrl, credentials }: ApiDeps, request: ApiRequest): HttpRequest {
  const isBelowBase = request.path.startsWith("/");
  const { method, body } = request;
  return {
    method,
    url: isBelowBase ? `${baseUrl}${request.path}${queryText(request)}` : request.path,
    headers: {
      accept: "application/json",
      "user-agent": "outpace",
      ...(isBelowBase ? credentials : {}),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    timeoutMs: Math.max(1_000, Math.min(LONGEST_REQUEST_MS, clock.remainingMs())),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}

function outcomeOf({ status, header, text }: HttpAnswer, { mayBeAbsent }: ApiRequest): Attempt {
  if (status >= 200 && status < 300) {
    return { kind: "answer", text };
  }
  if (status === 404 && mayBeAbsent === true) {
    return { kind: "answer", text: "" };
  }
  return isRateLimited(status, header) || status >= 500 || status === 408
    ? { kind: "later", why: `status ${status}`, header }
    : { kind: "refused", status };
}

function queryText({ query = [] }: ApiRequest): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of query) {
    parameters.append(name, value);
  }
  return parameters.size === 0 ? "" : `?${parameters}`;
}

async function waitIfTimeAllows(
  { wait, remainingMs }: Clock,
  step: string,
  ms: number,
  why: string,
): Promise<void> {
  const leftMs = remainingMs();
  if (leftMs <= Math.max(0, ms)) {
    throw new ApiUnavailableError(step, leftMs <= 0 ? "the time of the run is over" : why);
  }
  if (ms > 0) {
    await wait(ms);
  }
}
