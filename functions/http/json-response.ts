import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";

export function jsonResponse(
  statusCode: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}

/** `{"error":{"message", "path"?}}`: what every route of our own answers to a request it cannot read. */
export function errorResponse(
  statusCode: number,
  message: string,
  path?: string,
): APIGatewayProxyStructuredResultV2 {
  return jsonResponse(statusCode, {
    error: { message, ...(path === undefined ? {} : { path }) },
  });
}
