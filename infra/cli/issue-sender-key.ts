import { randomBytes } from "node:crypto";
import { secretHash } from "../../functions/adapters/secret-hash.ts";
import { formatSenderKey, type SenderSource } from "../../shared/directory/sender-key.ts";
import type { SenderKeys } from "../../shared/ports/sender-keys.ts";
import type { UserPseudonym } from "../../shared/usage/usage-event.ts";

export type NewSenderKey = {
  readonly source: SenderSource;
  /** Binds all that is sent with the key to one person. */
  readonly user?: UserPseudonym;
};

/** Makes a key and stores its hash. Answers the key itself, which nobody can read again. */
export async function issueSenderKey(
  keys: Pick<SenderKeys, "create">,
  newKey: NewSenderKey,
  nowMs: number,
  randomHex: (bytes: number) => string = (bytes) => randomBytes(bytes).toString("hex"),
): Promise<string> {
  const keyId = randomHex(6);
  const secret = randomHex(32);
  await keys.create({ keyId, secretHash: secretHash(secret), createdAtMs: nowMs, ...newKey });
  return formatSenderKey({ keyId, secret });
}
