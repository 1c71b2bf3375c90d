import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** As the Standard Webhooks specification wants it: what is older may be a replay. */
const TOLERANCE_MS = 300_000;
const SIGNING_TOKEN = /^whsec_/;

type Headers = Readonly<Record<string, string | undefined>>;

/**
 * Whether a delivery shows that GitLab sent it. Of the secrets in force, those that begin with
 * `whsec_` are signing tokens: a delivery that is signed has to be signed with one of them, now.
 * The others are secret tokens, which GitLab shows as they are in `X-Gitlab-Token`.
 *
 * Everything is compared in constant time, and every secret is tried whichever fits.
 *
 * @see https://docs.gitlab.com/user/project/integrations/webhooks/
 * @see https://github.com/standard-webhooks/standard-webhooks
 */
export function isFromGitlab(
  secrets: readonly string[],
  bytes: Uint8Array,
  headers: Headers,
  nowMs: number,
): boolean {
  const keys = secrets.filter((secret) => SIGNING_TOKEN.test(secret)).map(signingKey);
  const signatures = headers["webhook-signature"];
  if (signatures !== undefined && keys.length > 0) {
    return isRecent(headers, nowMs) && isSigned(keys, bytes, headers, signatures);
  }
  const tokens = secrets.filter((secret) => !SIGNING_TOKEN.test(secret));
  const token = headers["x-gitlab-token"] ?? "";
  return tokens.map((known) => isSameText(known, token)).includes(true);
}

function signingKey(token: string): Buffer {
  return Buffer.from(token.replace(SIGNING_TOKEN, ""), "base64");
}

function isRecent(headers: Headers, nowMs: number): boolean {
  const seconds = headers["webhook-timestamp"] ?? "";
  return /^\d{1,12}$/.test(seconds) && Math.abs(nowMs - Number(seconds) * 1000) <= TOLERANCE_MS;
}

function isSigned(
  keys: readonly Buffer[],
  bytes: Uint8Array,
  headers: Headers,
  signatures: string,
): boolean {
  const signed = `${headers["webhook-id"] ?? ""}.${headers["webhook-timestamp"] ?? ""}.`;
  const claimed = signatures
    .split(" ")
    .filter((entry) => entry.startsWith("v1,"))
    .map((entry) => entry.slice("v1,".length));
  return keys
    .map((key) => createHmac("sha256", key).update(signed).update(bytes).digest("base64"))
    .flatMap((expected) => claimed.map((signature) => isSameText(expected, signature)))
    .includes(true);
}

/** Digests have one length, so that the time taken does not say how long the secret is. */
function isSameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
