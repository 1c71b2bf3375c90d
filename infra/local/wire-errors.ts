import type { WireResponse } from "./wire.ts";

export const SERVICES = [
  "dynamodb",
  "sqs",
  "sns",
  "s3",
  "secretsmanager",
  "codepipeline",
  "codedeploy",
] as const;
export type Service = (typeof SERVICES)[number];

const NAMESPACES: Readonly<Partial<Record<Service, string>>> = {
  dynamodb: "com.amazonaws.dynamodb.v20120810#",
  sqs: "com.amazonaws.sqs#",
};

/** An error as the service words it on the wire, so that the SDK gives it the right name. */
export function wireError(
  service: Service,
  status: number,
  code: string,
  message: string,
): WireResponse {
  const text = escapeXml(message);
  switch (service) {
    case "s3":
      return xml(status, `<Error><Code>${code}</Code><Message>${text}</Message></Error>`);
    case "sns":
      return xml(
        status,
        `<ErrorResponse><Error><Type>${status < 500 ? "Sender" : "Receiver"}</Type><Code>${code}</Code><Message>${text}</Message></Error></ErrorResponse>`,
      );
    case "codedeploy":
    case "codepipeline":
    case "dynamodb":
    case "secretsmanager":
    case "sqs":
      return json(status, {
        __type: `${NAMESPACES[service] ?? ""}${code}`,
        message,
        Message: message,
      });
  }
}

/** The answer of a service whose role-bound caller lacks the permission. */
export function accessDenied(service: Service, message: string): WireResponse {
  switch (service) {
    case "s3":
      return wireError(service, 403, "AccessDenied", message);
    case "sns":
      return wireError(service, 403, "AuthorizationError", message);
    case "sqs":
      return wireError(service, 403, "AccessDenied", message);
    case "codedeploy":
    case "codepipeline":
    case "dynamodb":
    case "secretsmanager":
      return wireError(service, 400, "AccessDeniedException", message);
  }
}

export function json(status: number, body: unknown): WireResponse {
  return {
    status,
    headers: { "content-type": "application/x-amz-json-1.0" },
    body: Buffer.from(JSON.stringify(body)),
  };
}

export function xml(status: number, body: string): WireResponse {
  return { status, headers: { "content-type": "text/xml" }, body: Buffer.from(body) };
}

export function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
