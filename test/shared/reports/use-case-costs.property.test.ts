import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { directoryLookup } from "../../../shared/directory/directory.ts";
import { UseCase } from "../../../shared/directory/settings.ts";
import { foldUserDay } from "../../../shared/ledger/fold-user-day.ts";
import { REQUESTS_FIRST } from "../../../shared/ledger/grain-authority.ts";
import type { PriceBook } from "../../../shared/pricing/price-book.ts";
import { monthlyCosts } from "../../../shared/reports/monthly-costs.ts";
import { useCaseCosts } from "../../../shared/reports/use-case-costs.ts";
import { aUsageEvent } from "../../support/usage-event-builder.ts";

const USERS = ["user-017", "user-018", "user-019", "alias-1"];
const DAYS = ["2026-10-01", "2026-10-20", "2026-10-31"];
const priceBook: PriceBook = {
  version: "test",
  listCost: ({ model, tokens }) =>
    model === "unknown" ? undefined : BigInt(tokens.output) * 9_007_199_254_740_993n,
};
const directory = directoryLookup({
  assignments: ["user-017", "user-018"].map((user) => ({
    user,
    team: "team-checkout",
    costCenter: "CC-1",
    owner: "owner-shop",
    useCase: "feature-work",
    effectiveFrom: "2026-10-15",
  })),
  aliases: new Map([["alias-1", "user-017"]]),
});
const deliveries = new Map();
const registry = ["claims-triage", "tender-answer"].map((id) => UseCase.parse({ id }));

const calls = fc.array(
  fc.record({
    user: fc.constantFrom(...USERS),
    day: fc.constantFrom(...DAYS),
    minute: fc.nat(1_400),
    session: fc.constantFrom("s1", "s2", "s3"),
    model: fc.constantFrom("a", "b", "unknown"),
    output: fc.nat(1_000),
    labels: fc.record(
      { useCase: fc.constantFrom("claims-triage", "tender-answer", "feature-work", "poem") },
      { requiredKeys: [] },
    ),
  }),
  { maxLength: 40 },
);

/** The roll-ups that the ledger's own fold makes of such calls. */
function rollUpsOf(all: typeof calls extends fc.Arbitrary<infer T> ? T : never) {
  const days = Map.groupBy(all, ({ user, day }) => JSON.stringify([user, day]));
  const folded = [...days.values()].flatMap((own) =>
    own.slice(0, 1).map(({ user, day }) => {
      const entries = own.map(({ minute, session, model, output, labels }, at) =>
        aUsageEvent({
          id: `${user}-${day}-${at}`,
          timeMs: Date.parse(`${day}T00:00:00Z`) + minute * 60_000,
          user,
          session,
          model,
          tokens: { output },
          ...labels,
        }),
      );
      return foldUserDay(user, day, entries, { priceBook, authority: REQUESTS_FIRST });
    }),
  );
  return {
    userDays: folded.map(({ userDay }) => userDay),
    sessionDays: folded.flatMap(({ sessionDays }) => sessionDays),
  };
}

describe("the use cases of a month", () => {
  test("sum to its usage to the nano-dollar, whichever of its sessions are being recomputed", () => {
    const month = "2026-10";
    const some = calls.chain((all) => {
      const rollUps = rollUpsOf(all);
      return fc.record({
        userDays: fc.constant(rollUps.userDays),
        sessionDays: fc.oneof(
          fc.constant(rollUps.sessionDays),
          fc.subarray([...rollUps.sessionDays]),
        ),
      });
    });

    fc.assert(
      fc.property(some, ({ userDays, sessionDays }) => {
        const costs = monthlyCosts(userDays, directory, month);
        const lines = useCaseCosts({
          userDays,
          sessionDays,
          directory,
          month,
          registry,
          deliveries,
        });
        const sum = (numberOf: (line: (typeof lines)[number]) => number) =>
          lines.reduce((total, line) => total + numberOf(line), 0);

        expect(lines.reduce((total, { usageNanoUsd }) => total + usageNanoUsd, 0n)).toBe(
          costs.usageNanoUsd,
        );
        expect(sum((line) => line.calls)).toBe(costs.rows.reduce((n, row) => n + row.calls, 0));
        expect(sum((line) => line.unpricedCalls)).toBe(costs.unpricedCalls);
        expect(lines.every(({ usageNanoUsd }) => usageNanoUsd >= 0n)).toBe(true);
      }),
    );
  });

  test("with all of its sessions there, each session counts where it belongs", () => {
    fc.assert(
      fc.property(calls, (all) => {
        const { userDays, sessionDays } = rollUpsOf(all);
        const lines = useCaseCosts({
          userDays,
          sessionDays,
          directory,
          month: "2026-10",
          registry,
          deliveries,
        });

        const named = sessionDays.filter(({ useCases }) => useCases.join() === "claims-triage");
        const line = lines.find(({ useCase }) => useCase === "claims-triage");
        expect(line?.usageNanoUsd).toBe(named.reduce((sum, day) => sum + day.costNanoUsd, 0n));
      }),
    );
  });
});
