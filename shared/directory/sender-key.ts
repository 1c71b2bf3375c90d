import { crc32 } from "../wire/crc32.ts";

/** What a key may send. `any` is for operators and trials; `outcomes` may record delivered work. */
export const SENDER_SOURCES = [
  "any",
  "claude-code",
  "codex",
  "gemini-cli",
  "cursor",
  "gen-ai",
  "kiro",
  "litellm",
  "otlp",
  "usage",
  "outcomes",
] as const;
export type SenderSource = (typeof SENDER_SOURCES)[number];

/** The two parts of a sender's key: its public name, and what only the sender knows. */
export type SenderKeyParts = {
  /** 12 lower-case letters and digits. Not secret: shown in lists and logs. */
  readonly keyId: string;
  /** 256 random bits, as 64 lower-case hexadecimal digits. */
  readonly secret: string;
};

export type ParsedSenderKey =
  | ({ readonly kind: "key" } & SenderKeyParts)
  /** Looks like one of our keys, but the checksum does not fit: a typo or a cut-off copy. */
  | { readonly kind: "mistyped" }
  /** Not one of our keys at all. */
  | { readonly kind: "malformed" };

/** Thrown when a key is put together from parts that no key has. */
export class InvalidSenderKeyPartsError extends Error {
  override readonly name = "InvalidSenderKeyPartsError";
}

const KEY_ID = /^[a-z0-9]{12}$/;
const SECRET = /^[0-9a-f]{64}$/;
const PREFIX = "outpace_";
const SENDER_KEY = /^(outpace_([a-z0-9]{12})_([0-9a-f]{64}))_([0-9a-f]{8})$/;

/**
 * Writes a key as `outpace_<keyId>_<secret>_<checksum>`. The fixed prefix lets secret scanners find
 * a leaked key; the checksum (CRC-32 of what precedes it) tells a typo from an unknown key without
 * asking the store.
 *
 * @throws {InvalidSenderKeyPartsError} if a part has not the form that {@link SenderKeyParts} says.
 */
export function formatSenderKey({ keyId, secret }: SenderKeyParts): string {
  if (!(KEY_ID.test(keyId) && SECRET.test(secret))) {
    throw new InvalidSenderKeyPartsError(
      "a key takes an id of 12 lower-case letters and digits, and a secret of 64 hexadecimal digits",
    );
  }
  const body = `${PREFIX}${keyId}_${secret}`;
  return `${body}_${checksum(body)}`;
}

export function parseSenderKey(text: string): ParsedSenderKey {
  const [, body, keyId, secret, sum] = SENDER_KEY.exec(text) ?? [];
  if (body === undefined || keyId === undefined || secret === undefined) {
    return { kind: text.startsWith(PREFIX) ? "mistyped" : "malformed" };
  }
  return sum === checksum(body) ? { kind: "key", keyId, secret } : { kind: "mistyped" };
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, "0");
}
