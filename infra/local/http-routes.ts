import { requirePermission } from "./permissions.ts";
import type { Resource } from "./resource-types.ts";
import type { Stack } from "./stack.ts";
import { ACCOUNT_ID } from "./template.ts";

export type Authorizer = {
  readonly resource: Resource<"AWS::ApiGatewayV2::Authorizer">;
  readonly lambda: Resource<"AWS::Lambda::Function">;
};

export type Route = {
  /** `POST /v1/usage`, or `$default`. */
  readonly key: string;
  /** ARN of the method, as authorisers get it. */
  readonly arn: string;
  readonly lambda: Resource<"AWS::Lambda::Function">;
  readonly timeoutMs: number;
  readonly authorizer: Authorizer | undefined;
};

export type MatchedRoute = {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>>;
};

export type Router = (method: string, path: string) => MatchedRoute | undefined;

type Candidate = {
  readonly route: Route;
  readonly method: string;
  readonly segments: readonly string[];
};

/** Reads the HTTP API of the template into a router; the most specific route wins. */
export function httpRouter(stack: Stack): Router {
  const candidates = stack
    .resources("AWS::ApiGatewayV2::Route")
    .map((resource) => candidate(stack, resource))
    .sort((one, other) => compareSpecificity(one, other));
  return (method, path) => {
    const segments = path.split("/").slice(1);
    for (const { route, method: wanted, segments: pattern } of candidates) {
      const pathParameters = matchPath(pattern, segments);
      if ((wanted === "ANY" || wanted === method) && pathParameters !== undefined) {
        return { route, pathParameters: route.key === "$default" ? {} : pathParameters };
      }
    }
    return undefined;
  };
}

function candidate(stack: Stack, { logicalId, properties }: Resource<"AWS::ApiGatewayV2::Route">) {
  const { ApiId, RouteKey, Target, AuthorizationType, AuthorizerId } = properties;
  const [method = "ANY", path = "/{proxy+}"] = RouteKey === "$default" ? [] : RouteKey.split(" ");
  const integrationId = Target.replace("integrations/", "");
  const integration = stack
    .resources("AWS::ApiGatewayV2::Integration")
    .find((resource) => stack.physicalName(resource.logicalId) === integrationId);
  if (integration === undefined) {
    throw new Error(`resource ${logicalId}: ${Target} is no integration of the stack`);
  }
  const api = `arn:aws:execute-api:${stack.region}:${ACCOUNT_ID}:${ApiId}`;
  const arn = `${api}/$default/${method === "ANY" ? "*" : method}${path}`;
  const lambda = functionOf(stack, integration.properties.IntegrationUri, logicalId);
  requirePermission(stack, lambda, "apigateway.amazonaws.com", arn, logicalId);
  const authorizer =
    AuthorizationType === "NONE"
      ? undefined
      : authorizerOf(stack, AuthorizerId ?? "", api, logicalId);
  const { TimeoutInMillis: timeoutMs } = integration.properties;
  const route: Route = { key: RouteKey, arn, lambda, timeoutMs, authorizer };
  return { route, method, segments: path.split("/").slice(1) };
}

function authorizerOf(stack: Stack, id: string, api: string, routeId: string): Authorizer {
  const resource = stack
    .resources("AWS::ApiGatewayV2::Authorizer")
    .find(({ logicalId }) => stack.physicalName(logicalId) === id);
  if (resource === undefined) {
    throw new Error(`resource ${routeId}: authorizer ${id} is not in the stack`);
  }
  const lambda = functionOf(stack, resource.properties.AuthorizerUri, resource.logicalId);
  const source = `${api}/authorizers/${id}`;
  requirePermission(stack, lambda, "apigateway.amazonaws.com", source, resource.logicalId);
  return { resource, lambda };
}

function functionOf(stack: Stack, uri: string, neededBy: string) {
  const arn = /functions\/(arn:.*)\/invocations$/.exec(uri)?.[1] ?? uri;
  const lambda = stack.byArn("AWS::Lambda::Function", arn);
  if (lambda === undefined) {
    throw new Error(`resource ${neededBy}: ${uri} is no function of the stack`);
  }
  return lambda;
}

function matchPath(pattern: readonly string[], segments: readonly string[]) {
  const parameters: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const [, name, greedy] = /^\{([^+}]+)(\+)?\}$/.exec(part) ?? [];
    const segment = segments[index];
    if (segment === undefined || (name === undefined && part !== segment)) {
      return undefined;
    }
    if (name !== undefined && greedy !== undefined) {
      parameters[name] = decodeURIComponent(segments.slice(index).join("/"));
      return parameters;
    }
    if (name !== undefined) {
      parameters[name] = decodeURIComponent(segment);
    }
  }
  return pattern.length === segments.length ? parameters : undefined;
}

/** Plain segments before parameters, parameters before greedy ones, a method before `ANY`. */
function compareSpecificity(one: Candidate, other: Candidate): number {
  const rank = ({ route, method, segments }: Candidate) =>
    (route.key === "$default" ? "9" : "") +
    segments.map((part) => (part.startsWith("{") ? (part.endsWith("+}") ? 3 : 2) : 1)).join("") +
    (method === "ANY" ? "5" : "4");
  return rank(one) < rank(other) ? -1 : 1;
}
