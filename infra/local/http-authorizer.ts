import type { Functions } from "./functions.ts";
import type { HttpEvent } from "./http-event.ts";
import type { Authorizer, Route } from "./http-routes.ts";
import { isObject, type JsonObject, objectOf } from "./json.ts";

export type Authorization =
  | { readonly kind: "allowed"; readonly context: JsonObject }
  /** An identity source is missing: the authoriser is not asked. */
  | { readonly kind: "unauthorized" }
  | { readonly kind: "forbidden" };

/**
 * Asks a REQUEST authoriser with simple responses, and remembers its answer by identity for the
 * time that the template sets.
 *
 * @throws if the authoriser fails, or answers something else than a simple response.
 */
export type Authorize = (route: Route, event: HttpEvent) => Promise<Authorization>;

type Remembered = { readonly until: number; readonly authorization: Authorization };

/** Remembered answers that are past their time are cleared when there are more than this. */
const CACHE_SIZE = 10_000;

export function httpAuthorizer(functions: Functions): Authorize {
  const cache = new Map<string, Remembered>();
  return async (route, event) => {
    const { authorizer } = route;
    if (authorizer === undefined) {
      return { kind: "allowed", context: {} };
    }
    const { IdentitySource, AuthorizerResultTtlInSeconds } = authorizer.resource.properties;
    const identity = IdentitySource.map((source) => identityOf(source, event));
    if (identity.some((value) => value === undefined || value === "")) {
      return { kind: "unauthorized" };
    }
    const key = JSON.stringify([authorizer.resource.logicalId, ...identity]);
    const remembered = identity.length === 0 ? undefined : cache.get(key);
    if (remembered !== undefined && remembered.until > Date.now()) {
      return remembered.authorization;
    }
    const authorization = await ask(functions, authorizer, route, event, identity);
    forgetExpired(cache);
    cache.set(key, {
      until: Date.now() + AuthorizerResultTtlInSeconds * 1000,
      authorization,
    });
    return authorization;
  };
}

async function ask(
  functions: Functions,
  { lambda }: Authorizer,
  route: Route,
  event: HttpEvent,
  identitySource: readonly unknown[],
): Promise<Authorization> {
  // An authoriser gets everything of the request but its body.
  const { body: _body, isBase64Encoded: _encoded, ...request } = event;
  const response = await functions.invoke(lambda, {
    ...request,
    type: "REQUEST",
    routeArn: route.arn,
    identitySource,
  });
  if (!isObject(response) || typeof response["isAuthorized"] !== "boolean") {
    throw new Error(`expected a simple authoriser response, got: ${JSON.stringify(response)}`);
  }
  return response["isAuthorized"]
    ? { kind: "allowed", context: objectOf(response["context"]) }
    : { kind: "forbidden" };
}

function identityOf(source: string, event: HttpEvent): string | undefined {
  const [, kind, name = ""] =
    /^\$(request\.header|request\.querystring|context)\.([\w-]+)$/.exec(source) ?? [];
  switch (kind) {
    case "request.header":
      return event.headers[name.toLowerCase()];
    case "request.querystring":
      return event.queryStringParameters?.[name];
    case "context":
      if (name === "routeKey") {
        return event.routeKey;
      }
  }
  throw new Error(`identity source ${source} is not emulated locally`);
}

function forgetExpired(cache: Map<string, Remembered>): void {
  if (cache.size > CACHE_SIZE) {
    for (const [key, { until }] of cache) {
      if (until <= Date.now()) {
        cache.delete(key);
      }
    }
  }
}
