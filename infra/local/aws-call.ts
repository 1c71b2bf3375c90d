import type { IncomingHttpHeaders } from "node:http";
import { dynamoDbAccesses, type PartitionKeys } from "./dynamodb-access.ts";
import type { AccessRequest } from "./iam.ts";
import { type JsonObject, objectOf, textOf } from "./json.ts";
import { readS3Call } from "./s3-call.ts";
import { ACCOUNT_ID } from "./template.ts";
import { SERVICES, type Service } from "./wire-errors.ts";

/** The access key of the operator, who is not a function and not bound by a role. */
export const OPERATOR = "HOST";

/** One call to an AWS API, as it came in on the wire. */
export type AwsCall = {
  /** Logical id of the calling function, or {@link OPERATOR}. */
  readonly caller: string;
  readonly service: Service;
  readonly operation: string;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The input of a JSON protocol call, else empty. */
  readonly input: JsonObject;
  /** The fields of a query protocol call, else empty. */
  readonly form: URLSearchParams;
  /** What the caller's role has to allow. */
  readonly accesses: readonly AccessRequest[];
};

export class UnsupportedCallError extends Error {
  override readonly name = "UnsupportedCallError";
}

type RawCall = Pick<AwsCall, "method" | "url" | "headers" | "body">;

/**
 * Reads who calls which operation from the credential scope of the signature and the body.
 *
 * @throws {UnsupportedCallError} if the call is unsigned, or to a service that is not emulated.
 */
export function readAwsCall(raw: RawCall, region: string, partitionKeys: PartitionKeys): AwsCall {
  const [, caller = "", service = ""] =
    /Credential=([^/]+)\/\d+\/[^/]+\/([a-z0-9-]+)\//.exec(raw.headers.authorization ?? "") ?? [];
  const known = SERVICES.find((name) => name === service);
  if (known === undefined) {
    throw new UnsupportedCallError(
      service === "" ? "the request is not signed" : `service ${service} is not emulated locally`,
    );
  }
  return { ...raw, caller, service: known, ...readOperation(known, raw, region, partitionKeys) };
}

type Operation = Pick<AwsCall, "operation" | "input" | "form" | "accesses">;

function readOperation(
  service: Service,
  { method, url, headers, body }: RawCall,
  region: string,
  partitionKeys: PartitionKeys,
): Operation {
  const form = new URLSearchParams(service === "sns" ? body.toString() : "");
  if (service === "s3") {
    return { ...readS3Call(method, url), input: {}, form };
  }
  if (service === "sns") {
    const operation = form.get("Action") ?? "";
    const action = `sns:${operation.replace(/^PublishBatch$/, "Publish")}`;
    const resource = form.get("TopicArn") ?? "*";
    return { operation, input: {}, form, accesses: [{ action, resource }] };
  }
  const operation = String(headers["x-amz-target"]).replace(/^.*\./, "");
  const input = readInput(body);
  const accesses =
    service === "dynamodb"
      ? dynamoDbAccesses(operation, input, region, partitionKeys)
      : [{ action: actionOf(service, operation), resource: resourceOf(input, region) }];
  return { operation, input, form, accesses };
}

function actionOf(service: Service, operation: string): string {
  return `${service}:${service === "sqs" ? operation.replace(/Batch$/, "") : operation}`;
}

function resourceOf(input: JsonObject, region: string): string {
  const queue = textOf(input["QueueUrl"] ?? input["QueueName"]);
  return queue === undefined
    ? (textOf(input["SecretId"]) ?? "*")
    : `arn:aws:sqs:${region}:${ACCOUNT_ID}:${queue.split("/").at(-1)}`;
}

function readInput(body: Buffer): JsonObject {
  return body.length === 0 ? {} : objectOf(JSON.parse(body.toString()));
}
