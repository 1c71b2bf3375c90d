import { SNSServiceException } from "@aws-sdk/client-sns";

/** Failures to look up, connect or sign: nothing has left yet. */
const NEVER_SENT = new Set([
  "CredentialsProviderError",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
]);

/** Answers of SNS with a 5xx status that say that the message was not taken. */
const REFUSED_BY_SERVICE = new Set([
  "InternalError",
  "InternalErrorException",
  "InternalFailure",
  "ServiceUnavailable",
  "ServiceUnavailableException",
  "Throttling",
  "ThrottlingException",
]);

/**
 * Whether it is certain that SNS did not take a message: it answered with an error of its own, or
 * was never reached. After a timeout, a reset, or the answer of a proxy in between, it is not.
 *
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors
 */
export function wasNotAccepted(error: unknown): boolean {
  if (!(error instanceof Error)) {
    return false;
  }
  if (error instanceof SNSServiceException) {
    const status = error.$metadata.httpStatusCode ?? 0;
    return (status >= 400 && status < 500) || REFUSED_BY_SERVICE.has(error.name);
  }
  const code = "code" in error ? String(error.code) : "";
  return NEVER_SENT.has(code) || NEVER_SENT.has(error.name);
}
