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

/** What is not in a call, and yet has to be known to say what it is to. */
export type CallTargets = {
  readonly region: string;
  readonly partitionKeys: PartitionKeys;
  /** `application/group` of a deployment of CodeDeploy. */
  readonly deploymentGroupOf: (deploymentId: string) => string | undefined;
};

/**
 * Reads who calls which operation from the credential scope of the signature and the body.
 *
 * @throws {UnsupportedCallError} if the call is unsigned, or to a service that is not emulated.
 */
export function readAwsCall(raw: RawCall, targets: CallTargets): AwsCall {
  const [, caller = "", service = ""] =
    /Credential=([^/]+)\/\d+\/[^/]+\/([a-z0-9-]+)\//.exec(raw.headers.authorization ?? "") ?? [];
  const known = SERVICES.find((name) => name === service);
  if (known === undefined) {
    throw new UnsupportedCallError(
      service === "" ? "the request is not signed" : `service ${service} is not emulated locally`,
    );
  }
  return { ...raw, caller, service: known, ...readOperation(known, raw, targets) };
}

type Operation = Pick<AwsCall, "operation" | "input" | "form" | "accesses">;

function readOperation(
  service: Service,
  { method, url, headers, body }: RawCall,
  targets: CallTargets,
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
      ? dynamoDbAccesses(operation, input, targets.region, targets.partitionKeys)
      : [{ action: actionOf(service, operation), resource: resourceOf(service, input, targets) }];
  return { operation, input, form, accesses };
}

function actionOf(service: Service, operation: string): string {
  return `${service}:${service === "sqs" ? operation.replace(/Batch$/, "") : operation}`;
}

function resourceOf(service: Service, input: JsonObject, targets: CallTargets): string {
  const arn = (rest: string) => `arn:aws:${service}:${targets.region}:${ACCOUNT_ID}:${rest}`;
  switch (service) {
    case "codepipeline":
      return arn(textOf(input["pipelineName"] ?? input["name"]) ?? "");
    case "codedeploy": {
      const group = targets.deploymentGroupOf(textOf(input["deploymentId"]) ?? "");
      return arn(`deploymentgroup:${group ?? ""}`);
    }
    default: {
      const queue = textOf(input["QueueUrl"] ?? input["QueueName"]);
      return queue === undefined
        ? (textOf(input["SecretId"]) ?? "*")
        : arn(String(queue.split("/").at(-1)));
    }
  }
}

function readInput(body: Buffer): JsonObject {
  return body.length === 0 ? {} : objectOf(JSON.parse(body.toString()));
}
