import type { SenderKey, SenderKeys } from "../../shared/ports/sender-keys.ts";

export type InMemorySenderKeys = SenderKeys & {
  /** From now on every call fails, as while the store is throttled. */
  readonly breakDown: () => void;
};

export function inMemorySenderKeys(...keys: readonly SenderKey[]): InMemorySenderKeys {
  const stored = new Map(keys.map((key) => [key.keyId, key]));
  let isBroken = false;
  const available = () => {
    if (isBroken) {
      throw new Error("the key store is down");
    }
  };
  return {
    breakDown: () => {
      isBroken = true;
    },
    find: async (keyId) => {
      available();
      return stored.get(keyId);
    },
    list: async () => {
      available();
      return [...stored.values()];
    },
    create: async (key) => {
      available();
      if (stored.has(key.keyId)) {
        throw new Error(`there is a key ${key.keyId} already`);
      }
      stored.set(key.keyId, key);
    },
    revoke: async (keyId, nowMs) => {
      available();
      const key = stored.get(keyId);
      if (key === undefined) {
        return false;
      }
      stored.set(keyId, { ...key, revokedAtMs: key.revokedAtMs ?? nowMs });
      return true;
    },
  };
}
