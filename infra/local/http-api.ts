import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from "node:http";
import type { Activity } from "./activity.ts";
import { FunctionError, TIMED_OUT, TOO_LARGE } from "./execution-environment.ts";
import type { FunctionLogs } from "./function-logs.ts";
import type { Functions } from "./functions.ts";
import { httpAuthorizer } from "./http-authorizer.ts";
import { httpEvent } from "./http-event.ts";
import { httpRouter, type MatchedRoute } from "./http-routes.ts";
import { isObject, objectOf } from "./json.ts";
import type { Stack } from "./stack.ts";
import { closeServer, listen, readBody } from "./wire.ts";

type Answer = {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer | string;
};

/** Largest request body that an HTTP API takes. */
const BODY_LIMIT_BYTES = 10 * 1024 * 1024;

export type HttpApi = {
  readonly url: string;
  /** Begins to answer. Until then every request gets 503. */
  readonly open: (stack: Stack, functions: Functions, logs: FunctionLogs) => void;
  readonly close: () => Promise<void>;
};

/** The stack's HTTP API: payload format 2.0, authorisers, and Lambda proxy integrations. */
export async function startHttpApi(port: number, activity: Activity): Promise<HttpApi> {
  let respond: ((request: IncomingMessage) => Promise<Answer>) | undefined;
  const server = createServer((request, response) => {
    void activity.track(async () => {
      try {
        send(response, (await respond?.(request)) ?? message(503, "Service Unavailable"));
      } catch {
        // The client went away within its request: there is nobody left to answer.
        response.destroy();
      }
    });
  });
  const url = await listen(server, port, "HTTP API");
  return {
    url: url.origin,
    open: (stack, functions, logs) => {
      respond = responder(stack, functions, logs);
    },
    close: () => closeServer(server),
  };
}

function responder(stack: Stack, functions: Functions, logs: FunctionLogs) {
  const route = httpRouter(stack);
  const authorize = httpAuthorizer(functions);

  async function authorised(match: MatchedRoute, event: ReturnType<typeof httpEvent>) {
    const authorization = await authorize(match.route, event);
    switch (authorization.kind) {
      case "unauthorized":
        return message(401, "Unauthorized");
      case "forbidden":
        return message(403, "Forbidden");
      case "allowed":
        return invoke(match, withAuthorizer(event, match, authorization.context));
    }
  }

  async function invoke({ route: { lambda, timeoutMs } }: MatchedRoute, event: unknown) {
    const result = await withinTime(functions.invoke(lambda, event), timeoutMs);
    return proxyAnswer(result);
  }

  return async (request: IncomingMessage): Promise<Answer> => {
    const body = await readBody(request);
    if (body.length > BODY_LIMIT_BYTES) {
      return message(413, "Request Entity Too Large");
    }
    const { pathname } = new URL(request.url ?? "/", "http://api");
    const match = route(request.method ?? "GET", pathname);
    if (match === undefined) {
      return message(404, "Not Found");
    }
    try {
      return await authorised(match, httpEvent(request, body, match));
    } catch (error) {
      const answer = failureAnswer(error);
      if (answer.status >= 500) {
        logs.hostError(match.route.lambda.logicalId, error);
      }
      return answer;
    }
  };
}

function withAuthorizer(
  event: ReturnType<typeof httpEvent>,
  { route }: MatchedRoute,
  context: unknown,
) {
  return route.authorizer === undefined
    ? event
    : {
        ...event,
        requestContext: { ...event.requestContext, authorizer: { lambda: context } },
      };
}

/** An HTTP API waits for its integration for a time of its own, whatever the function's is. */
async function withinTime<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new FunctionError(TIMED_OUT, `no answer within ${timeoutMs} ms`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A result with a status code is the response; any other is the body of a 200. */
function proxyAnswer(result: unknown): Answer {
  if (!isObject(result) || result["statusCode"] === undefined) {
    const body = typeof result === "string" ? result : JSON.stringify(result);
    return { status: 200, headers: { "content-type": "application/json" }, body };
  }
  const headers: OutgoingHttpHeaders = { "content-type": "text/plain;charset=UTF-8" };
  for (const [name, value] of Object.entries(objectOf(result["headers"]))) {
    headers[name.toLowerCase()] = String(value);
  }
  if (Array.isArray(result["cookies"])) {
    headers["set-cookie"] = result["cookies"].map(String);
  }
  const text = String(result["body"] ?? "");
  const body = result["isBase64Encoded"] === true ? Buffer.from(text, "base64") : text;
  return { status: Number(result["statusCode"]), headers, body };
}

/** What API Gateway says when the function did not answer. */
function failureAnswer(error: unknown): Answer {
  switch (error instanceof FunctionError ? error.errorType : undefined) {
    case TOO_LARGE:
      return message(413, "Request Too Long");
    case TIMED_OUT:
      return message(503, "Service Unavailable");
    default:
      return message(500, "Internal Server Error");
  }
}

function message(status: number, text: string): Answer {
  return {
    status,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ message: text }),
  };
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
  response.end(body);
}
