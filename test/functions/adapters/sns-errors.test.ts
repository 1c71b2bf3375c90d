import {
  AuthorizationErrorException,
  InternalErrorException,
  InvalidParameterException,
  SNSServiceException,
  ThrottledException,
} from "@aws-sdk/client-sns";
import { describe, expect, test } from "vitest";
import { wasNotAccepted } from "../../../functions/adapters/sns-errors.ts";

function answered(httpStatusCode: number) {
  return { message: "no", $metadata: { httpStatusCode } };
}

function unmodelled(name: string, httpStatusCode: number) {
  return new SNSServiceException({
    name,
    $fault: httpStatusCode < 500 ? "client" : "server",
    ...answered(httpStatusCode),
  });
}

function networkError(code: string) {
  return Object.assign(new Error(code), { code });
}

describe("wasNotAccepted", () => {
  test.each([
    ["throttling", new ThrottledException(answered(429))],
    ["throttling of the query protocol", unmodelled("Throttling", 400)],
    ["a bad subject", new InvalidParameterException(answered(400))],
    ["a missing grant", new AuthorizationErrorException(answered(403))],
    ["an expired token", unmodelled("ExpiredToken", 403)],
    ["an error inside SNS", new InternalErrorException(answered(500))],
    ["SNS being unavailable", unmodelled("ServiceUnavailable", 503)],
    ["a refused connection", networkError("ECONNREFUSED")],
    ["an unknown host", networkError("ENOTFOUND")],
    ["missing credentials", Object.assign(new Error("none"), { name: "CredentialsProviderError" })],
  ])("%s: nobody got it, sending again is safe", (_, error) => {
    expect(wasNotAccepted(error)).toBe(true);
  });

  test.each([
    ["a timeout", Object.assign(new Error("timed out"), { name: "TimeoutError" })],
    ["a connection reset", networkError("ECONNRESET")],
    ["a broken pipe", networkError("EPIPE")],
    ["a proxy in between", unmodelled("Unknown", 502)],
    ["a gateway timeout", unmodelled("Unknown", 504)],
    ["an aborted request", Object.assign(new Error("aborted"), { name: "AbortError" })],
    ["an answer that is not understood", new SyntaxError("unexpected token")],
    ["what is no error", "ThrottledException"],
  ])("%s: somebody may have got it", (_, error) => {
    expect(wasNotAccepted(error)).toBe(false);
  });
});
