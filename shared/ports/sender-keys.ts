import type { UserPseudonym } from "../usage/usage-event.ts";

/** A machine sender's key, without the key. */
export type SenderKey = {
  readonly keyId: string;
  /** SHA-256 of the secret, hex. */
  readonly secretHash: string;
  /** What it may send: `claude-code`, `litellm`, … or `any`. */
  readonly source: string;
  /** If set, everything sent with it is this person's, whatever the client says. */
  readonly user?: UserPseudonym;
  readonly createdAtMs: number;
  readonly revokedAtMs?: number;
};

export type SenderKeys = {
  readonly find: (keyId: string) => Promise<SenderKey | undefined>;
  readonly list: () => Promise<readonly SenderKey[]>;
  readonly create: (key: SenderKey) => Promise<void>;
  /** False if there is no such key. */
  readonly revoke: (keyId: string, nowMs: number) => Promise<boolean>;
};
