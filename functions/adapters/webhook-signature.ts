import { createHmac, timingSafeEqual } from "node:crypto";

const SIGNATURE = /^sha256=([0-9a-f]{64})$/;

/**
 * Whether a signature, written as in GitHub's `X-Hub-Signature-256` header, is the HMAC-SHA-256 of the very
 * bytes that were sent, with one of the secrets in force. Digests are compared in constant time, and every secret is tried
 * whichever fits, so the time taken says nothing.
 *
 * Works on bytes: `@octokit/webhooks-methods` takes a string only, and turning bytes into one maps
 * different invalid UTF-8 to the same text.
 *
 * @see https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
 */
export function isSignedWithOneOf(
  secrets: readonly string[],
  bytes: Uint8Array,
  signature: string,
): boolean {
  const digest = SIGNATURE.exec(signature)?.[1];
  if (digest === undefined) {
    return false;
  }
  const claimed = Buffer.from(digest, "hex");
  return secrets
    .map((secret) => timingSafeEqual(createHmac("sha256", secret).update(bytes).digest(), claimed))
    .includes(true);
}
