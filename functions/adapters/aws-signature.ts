import { createHash, createHmac } from "node:crypto";

export type AwsCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
};

/** A `POST /` without a query: how services that speak AWS's JSON protocol are called. */
export type JsonProtocolRequest = {
  readonly service: string;
  readonly region: string;
  /** All are signed, `host` among them. Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly atMs: number;
};

const ALGORITHM = "AWS4-HMAC-SHA256";

/**
 * The headers of a request with its signature, by AWS Signature Version 4. A client of the SDK for
 * each of two calls would be two more dependencies.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signedHeaders(
  { service, region, headers, body, atMs }: JsonProtocolRequest,
  { accessKeyId, secretAccessKey, sessionToken }: AwsCredentials,
): Readonly<Record<string, string>> {
  const time = new Date(atMs).toISOString().replace(/[:-]|\.\d{3}/g, "");
  const day = time.slice(0, 8);
  const scope = `${day}/${region}/${service}/aws4_request`;
  const signed = {
    ...headers,
    "x-amz-date": time,
    ...(sessionToken ? { "x-amz-security-token": sessionToken } : {}),
  };
  const entries = Object.entries(signed).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = entries.map(([name]) => name).join(";");
  const canonicalHeaders = entries
    .map(([name, value]) => `${name}:${normalised(value)}\n`)
    .join("");
  const canonicalRequest = ["POST", "/", "", canonicalHeaders, names, sha256(body)].join("\n");
  const key = [day, region, service, "aws4_request"].reduce(
    hmac,
    Buffer.from(`AWS4${secretAccessKey}`),
  );
  const signature = hmac(key, [ALGORITHM, time, scope, sha256(canonicalRequest)].join("\n"));
  return {
    ...signed,
    authorization: `${ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature.toString("hex")}`,
  };
}

function normalised(value: string): string {
  return value.trim().replace(/ +/g, " ");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
