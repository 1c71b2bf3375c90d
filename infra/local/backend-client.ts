import { type JsonObject, objectOf, textOf } from "./json.ts";
import { ACCOUNT_ID } from "./template.ts";
import { keepAliveSender, type WireResponse } from "./wire.ts";

/** An error that a backend answered. */
export class BackendError extends Error {
  override readonly name = "BackendError";
  readonly code: string;

  constructor(operation: string, code: string, message: string) {
    super(`${operation}: ${code}: ${message}`);
    this.code = code;
  }
}

export type Backends = { readonly dynamodb: URL; readonly sqs: URL; readonly s3: URL };

/** The host's own calls to the backends, past the gateway: no role, no meter, no faults. */
export type BackendClient = {
  readonly dynamodb: (operation: string, input: JsonObject) => Promise<JsonObject>;
  readonly streams: (operation: string, input: JsonObject) => Promise<JsonObject>;
  readonly sqs: (operation: string, input: JsonObject, signal?: AbortSignal) => Promise<JsonObject>;
  readonly sendMessage: (queueArn: string, body: string) => Promise<void>;
  readonly s3: (method: string, path: string, body?: Buffer) => Promise<WireResponse>;
  readonly close: () => void;
};

export function backendClient(backends: Backends, region: string): BackendClient {
  const sender = keepAliveSender();
  const authorization = (service: string) =>
    `AWS4-HMAC-SHA256 Credential=HOST/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  const json =
    (backend: URL, service: string, target: string) =>
    async (operation: string, input: JsonObject, signal?: AbortSignal): Promise<JsonObject> => {
      const { status, body } = await sender.send(backend, {
        method: "POST",
        path: "/",
        headers: {
          "content-type": "application/x-amz-json-1.0",
          "x-amz-target": `${target}.${operation}`,
          "x-amz-date": "20260101T000000Z",
          authorization: authorization(service),
        },
        body: JSON.stringify(input),
        ...(signal === undefined ? {} : { signal }),
      });
      const output = objectOf(body.length === 0 ? {} : JSON.parse(body.toString()));
      if (status >= 300) {
        const code = textOf(output["__type"])?.replace(/^.*#/, "") ?? String(status);
        throw new BackendError(operation, code, textOf(output["message"]) ?? "no message");
      }
      return output;
    };
  const sqs = json(backends.sqs, "sqs", "AmazonSQS");
  return {
    dynamodb: json(backends.dynamodb, "dynamodb", "DynamoDB_20120810"),
    streams: json(backends.dynamodb, "dynamodb", "DynamoDBStreams_20120810"),
    sqs,
    sendMessage: async (queueArn, body) => {
      await sqs("SendMessage", { QueueUrl: localQueueUrl(queueArn), MessageBody: body });
    },
    s3: async (method, path, body) => {
      const response = await sender.send(backends.s3, {
        method,
        path,
        headers: { authorization: authorization("s3") },
        ...(body === undefined ? {} : { body }),
      });
      if (response.status >= 300) {
        throw new BackendError(method, String(response.status), `${path} ${response.body}`);
      }
      return response;
    },
    close: sender.close,
  };
}

/** A queue URL for the backend, which reads nothing but its last part. */
export function localQueueUrl(queueArn: string): string {
  return `http://127.0.0.1/${ACCOUNT_ID}/${queueArn.split(":").at(-1)}`;
}
