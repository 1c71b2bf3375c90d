import { type UnpricedReason, unpricedReason } from "../pricing/price-book.ts";
import type { UsageEvent, UserPseudonym } from "../usage/usage-event.ts";
import { costLines } from "./cost-lines.ts";
import { countedEntries } from "./counted-entries.ts";
import type { FoldRules } from "./fold-user-day.ts";
import type { Day } from "./roll-ups.ts";

/** Calls that lack a price for one reason. */
export type UnpricedCalls = Pick<UsageEvent, "tool" | "provider" | "model"> & {
  readonly tier: string;
  readonly reason: UnpricedReason;
  readonly calls: number;
};

/**
 * The unpriced calls of a user's day: as many as its roll-up counts, with what a price lacks.
 *
 * @param entries Those that the roll-up is folded from, of all names of the person.
 */
export function unpricedCallsOf(
  user: UserPseudonym,
  day: Day,
  entries: readonly UsageEvent[],
  rules: FoldRules,
): readonly UnpricedCalls[] {
  const { priceBook } = rules;
  const { counted } = countedEntries(day, entries, rules.authority);
  const own = counted.filter((event) => event.user === user);
  const groups = Map.groupBy(own, ({ session, tool, provider, model, tier, grain }) =>
    JSON.stringify([session, tool, provider, model, tier, grain]),
  );
  const rows = [...groups.values()].flatMap((group) =>
    costLines(group, priceBook).flatMap(({ tool, provider, model, unpricedCalls }) => {
      const event = group.find((each) => costLines([each], priceBook)[0]?.unpricedCalls !== 0);
      const reason = event === undefined ? "unknown-model" : unpricedReason(priceBook, event);
      const tier = event?.tier ?? "standard";
      return unpricedCalls === 0
        ? []
        : [{ tool, provider, model, tier, reason, calls: unpricedCalls }];
    }),
  );
  return addedUp(rows);
}

/** Rows of the same names, tier and reason as one, in the order of their names. */
export function addedUp(rows: readonly UnpricedCalls[]): readonly UnpricedCalls[] {
  const byKey = Map.groupBy(rows, ({ calls: _, ...names }) => JSON.stringify(Object.values(names)));
  return [...byKey.keys()].sort().flatMap((key) => {
    const [first, ...rest] = byKey.get(key) ?? [];
    return first === undefined
      ? []
      : [{ ...first, calls: rest.reduce((sum, { calls }) => sum + calls, first.calls) }];
  });
}
