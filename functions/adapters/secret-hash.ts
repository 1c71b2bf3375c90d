import { createHash, timingSafeEqual } from "node:crypto";

/**
 * SHA-256 of a sender's secret, in hexadecimal. A fast hash is enough, because the secret is 256
 * random bits: there is nothing to guess.
 */
export function secretHash(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Compares in constant time, so that the time taken says nothing about the hash. */
export function isSecretOf(hash: string, secret: string): boolean {
  const expected = Buffer.from(hash, "hex");
  const actual = Buffer.from(secretHash(secret), "hex");
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
