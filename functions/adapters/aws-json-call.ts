import * as z from "zod";
import { JsonText } from "../../shared/json-text.ts";
import { type AwsCredentials, signedHeaders } from "./aws-signature.ts";

export type AwsClientSettings = {
  readonly region: string;
  readonly credentials: AwsCredentials;
  /** @default - the service's own in the Region */
  readonly endpoint?: string | undefined;
};

export type AwsOperation = {
  /** As the service signs: `codepipeline`. */
  readonly service: string;
  /** Such as `CodePipeline_20150709.GetPipelineExecution`. */
  readonly target: string;
};

/** A service of AWS did not do what it was asked. The message holds its code, and no payload. */
export class AwsCallError extends Error {
  override readonly name = "AwsCallError";
  readonly status: number;

  constructor(target: string, status: number, code: string) {
    super(`${target} answered ${status} ${code}`);
    this.status = status;
  }
}

const TIMEOUT_MS = 5_000;
const Fault = z.object({ __type: z.string().max(200) });

/**
 * Calls an operation of a service that speaks AWS's JSON protocol 1.1, once. The caller's own
 * retries, such as those of an asynchronous invocation, are the retries.
 *
 * @throws {AwsCallError} if the service refuses, or answers no JSON.
 */
export async function awsJsonCall(
  { service, target }: AwsOperation,
  input: Readonly<Record<string, unknown>>,
  {
    region,
    credentials,
    endpoint = `https://${service}.${region}.amazonaws.com`,
  }: AwsClientSettings,
): Promise<unknown> {
  const url = new URL("/", endpoint);
  const body = JSON.stringify(input);
  const { host, ...headers } = signedHeaders(
    {
      service,
      region,
      headers: {
        host: url.host,
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": target,
      },
      body,
      atMs: Date.now(),
    },
    credentials,
  );
  const response = await fetch(url, {
    method: "POST",
    headers,
    body,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new AwsCallError(target, response.status, codeIn(text));
  }
  const answer = JsonText.safeParse(text);
  if (!answer.success) {
    throw new AwsCallError(target, response.status, "(no JSON)");
  }
  return answer.data;
}

function codeIn(text: string): string {
  const fault = JsonText.pipe(Fault).safeParse(text);
  return fault.success ? fault.data.__type.replace(/^.*#/, "") : "(no code)";
}
