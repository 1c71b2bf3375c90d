import { createHash, createHmac } from "node:crypto";
import type { IdentityHash, Pseudonymise } from "../../shared/ports/pseudonyms.ts";

const MIN_KEY_LENGTH = 32;
const PSEUDONYM_LENGTH = 22;
const IDENTITY_HASH_LENGTH = 16;

/**
 * Pseudonyms by HMAC-SHA-256 (RFC 2104), cut to 22 characters of base64url: 132 bits.
 *
 * @throws {Error} if the key is shorter than 32 characters: with a key that can be guessed, anyone
 *   could test which person is behind a pseudonym.
 */
export function hmacPseudonyms(key: string): Pseudonymise {
  if (key.length < MIN_KEY_LENGTH) {
    throw new Error(`pseudonym key must have at least ${MIN_KEY_LENGTH} characters`);
  }
  return (subject) =>
    createHmac("sha256", key).update(subject).digest("base64url").slice(0, PSEUDONYM_LENGTH);
}

/** SHA-256, cut to 16 characters of base64url: 96 bits. */
export const identityHash: IdentityHash = (identity) =>
  createHash("sha256").update(identity).digest("base64url").slice(0, IDENTITY_HASH_LENGTH);
