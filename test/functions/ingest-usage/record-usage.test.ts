import { describe, expect, test } from "vitest";
import { recordUsage } from "../../../functions/ingest-usage/record-usage.ts";
import { batchOf } from "../../../shared/usage/reading.ts";
import { NO_TOKENS, type SentUsage } from "../../../shared/usage/usage-event.ts";
import { inMemoryQuarantine } from "../../support/in-memory-quarantine.ts";
import { inMemoryUsageLedger } from "../../support/in-memory-usage-ledger.ts";

const row: SentUsage = {
  id: "kiro:2026-10-05:user-017@example.com:KIRO_IDE@7",
  grain: "day",
  timeMs: Date.UTC(2026, 9, 5),
  revision: { of: "kiro:2026-10-05:user-017@example.com:KIRO_IDE", asOfMs: 7 },
  subject: "user-017@example.com",
  session: "-",
  tool: "kiro",
  provider: "kiro",
  model: "-",
  tokens: NO_TOKENS,
  credits: { used: 1_500_000, overage: 0 },
};
const sender = { kind: "sender", keyId: "k", source: "kiro" } as const;

describe("recordUsage", () => {
  test("keeps the name of a restated row only under a keyed hash: it may name the person", async () => {
    const ledger = inMemoryUsageLedger();
    const stores = {
      ledger,
      quarantine: inMemoryQuarantine(),
      pseudonymise: async () => (subject: string) => `hashed-${subject.length}`,
      nowMs: () => 0,
    };

    await recordUsage(batchOf([{ kind: "accepted", event: row }]), sender, stores);

    const [kept] = ledger.events();
    expect(kept?.revision).toEqual({ of: "hashed-45", asOfMs: 7 });
    expect(kept?.id).toBe("hashed-45@7");
    expect(JSON.stringify(kept)).not.toContain("example.com");
  });
});
