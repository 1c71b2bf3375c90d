import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { MatchedRoute } from "./http-routes.ts";
import { ACCOUNT_ID } from "./template.ts";

const TEXT_TYPES =
  /^(?:text\/|application\/(?:json|javascript|xml|x-www-form-urlencoded)\b|application\/[\w.-]+\+(?:json|xml)\b)/i;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * A request as payload format 2.0 has it. A body that is not text, or that is encoded, comes as
 * base64.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function httpEvent(request: IncomingMessage, body: Buffer, match: MatchedRoute) {
  const { route, pathParameters } = match;
  const url = new URL(request.url ?? "/", "http://api");
  const { cookie, ...headers } = combinedHeaders(request);
  const isBase64Encoded = body.length > 0 && !isPlainText(headers);
  return {
    version: "2.0",
    routeKey: route.key,
    rawPath: decodeURI(url.pathname),
    rawQueryString: url.search.slice(1),
    ...(cookie !== undefined && { cookies: cookie.split(/; */) }),
    headers,
    ...unlessEmpty("queryStringParameters", combinedQuery(url.searchParams)),
    ...unlessEmpty("pathParameters", pathParameters),
    requestContext: requestContext(request, url, headers, route.key),
    ...(body.length > 0 && { body: body.toString(isBase64Encoded ? "base64" : "utf8") }),
    isBase64Encoded,
  };
}

export type HttpEvent = ReturnType<typeof httpEvent>;

type Headers = Partial<Record<string, string>>;

function isPlainText(headers: Headers): boolean {
  return (
    TEXT_TYPES.test(headers["content-type"] ?? "") && headers["content-encoding"] === undefined
  );
}

function requestContext(request: IncomingMessage, url: URL, headers: Headers, routeKey: string) {
  return {
    accountId: ACCOUNT_ID,
    apiId: "local",
    domainName: headers["host"] ?? "",
    domainPrefix: "local",
    http: {
      method: request.method ?? "GET",
      path: url.pathname,
      protocol: "HTTP/1.1",
      sourceIp: request.socket.remoteAddress ?? "",
      userAgent: headers["user-agent"] ?? "",
    },
    requestId: randomUUID(),
    routeKey,
    stage: "$default",
    ...requestTime(new Date()),
  };
}

/** A member that is left out if it would be empty, as API Gateway leaves it out. */
function unlessEmpty<K extends string>(
  name: K,
  values: Readonly<Record<string, string>>,
): { [_ in K]?: Readonly<Record<string, string>> } {
  const member: { [_ in K]?: Readonly<Record<string, string>> } = {};
  if (Object.keys(values).length > 0) {
    member[name] = values;
  }
  return member;
}

function combinedHeaders(request: IncomingMessage): Headers {
  return Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values = []]) => [
      name,
      values.join(name === "cookie" ? "; " : ","),
    ]),
  );
}

function combinedQuery(parameters: URLSearchParams): Record<string, string> {
  const names = [...new Set(parameters.keys())];
  return Object.fromEntries(names.map((name) => [name, parameters.getAll(name).join(",")]));
}

/** The time in Common Log Format, which API Gateway uses, and as milliseconds. */
function requestTime(now: Date) {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${two(now.getUTCDate())}/${MONTHS[now.getUTCMonth()]}/${now.getUTCFullYear()}`;
  const clock = [now.getUTCHours(), now.getUTCMinutes(), now.getUTCSeconds()].map(two).join(":");
  return { time: `${day}:${clock} +0000`, timeEpoch: now.getTime() };
}
