import { gzipSync } from "node:zlib";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";

export type ApiRequest = {
  /** Such as `POST /v1/logs`. */
  readonly routeKey: string;
  /** Bytes are passed as base64, as API Gateway does for types that are not text. */
  readonly body?: string | Uint8Array | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly pathParameters?: Readonly<Record<string, string>>;
  /** The authoriser's context; `undefined` for a route without one. */
  readonly authorizer?: Readonly<Record<string, unknown>> | undefined;
};

export const ANY_SENDER = { keyId: "k7f3a9c2e1b4", source: "any" };

/** An event of an HTTP API, payload format 2.0, with every field that API Gateway sends. */
export function anApiGatewayEvent({
  routeKey,
  body,
  headers = {},
  pathParameters,
  authorizer = ANY_SENDER,
}: ApiRequest): APIGatewayProxyEventV2 {
  const [method = "POST", path = "/"] = routeKey.split(" ");
  const requestContext = {
    accountId: "123456789012",
    apiId: "a1b2c3d4e5",
    domainName: "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com",
    domainPrefix: "a1b2c3d4e5",
    http: {
      method,
      path,
      protocol: "HTTP/1.1",
      sourceIp: "192.0.2.17",
      userAgent: "OTel-OTLP-Exporter-JavaScript/0.208.0",
    },
    requestId: "JKJaXmPLvHcESHA=",
    routeKey,
    stage: "$default",
    time: "21/Nov/2026:22:02:45 +0000",
    timeEpoch: 1_795_298_565_000,
    authorizer: { lambda: authorizer },
  };
  return {
    version: "2.0",
    routeKey,
    rawPath: path,
    rawQueryString: "",
    headers: { host: requestContext.domainName, ...headers },
    requestContext,
    ...(pathParameters && { pathParameters }),
    isBase64Encoded: body instanceof Uint8Array,
    ...(body === undefined
      ? {}
      : { body: typeof body === "string" ? body : Buffer.from(body).toString("base64") }),
  };
}

/** The context of an invocation with so much time left. */
export function aContext(remainingMs = 10_000): Context {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: "ingest-usage",
    functionVersion: "$LATEST",
    invokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:ingest-usage",
    memoryLimitInMB: "256",
    awsRequestId: "6bc1e1f4-0c3b-4d54-8f5c-1d1d1f3a9b10",
    logGroupName: "ingest-usage",
    logStreamName: "2026/11/21/[$LATEST]1",
    getRemainingTimeInMillis: () => remainingMs,
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}

export function gzipped(text: string | Uint8Array): Uint8Array {
  return gzipSync(text);
}
