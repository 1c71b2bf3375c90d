import { describe, expect, test } from "vitest";
import { following, orderOf, versionAt } from "../../../shared/ledger/roll-up-order.ts";

const of = (entries: number, names?: string) => ({
  entries,
  priceBook: "prices",
  ...(names !== undefined && { names }),
});

describe("the order of a roll-up's versions", () => {
  test("is that of the entries while the names stay", () => {
    expect(orderOf(of(7))).toBe(7);
    expect(following(of(8, "a b"), of(7, "a b"), 7)).toEqual(of(8, "a b"));
  });

  test("puts a change of names after any number of entries: fewer names can rest on fewer", () => {
    const joined = following(of(9, "a b"), of(5), 5);
    const parted = following(of(5), joined, orderOf(joined));

    expect([joined.nameChanges, parted.nameChanges]).toEqual([1, 2]);
    expect(orderOf(joined)).toBeGreaterThan(orderOf(of(999_999_999)));
    expect(orderOf(parted)).toBeGreaterThan(orderOf(joined));
  });

  test("starts anew with a day of which nothing is stored", () => {
    expect(following(of(3, "a b"), undefined, 0)).toEqual(of(3, "a b"));
  });

  test("goes above what other names left of the day, whether or not the day itself was stored", () => {
    const left = { ...of(9, "a b"), nameChanges: 4 };

    expect(following(of(3), of(3), orderOf(left)).nameChanges).toBe(5);
    expect(following(of(3), undefined, orderOf(of(9))).nameChanges).toBe(1);
  });

  test.each([0, 7, 1_000_000_000, 2_000_000_005])("reads %d back as it was written", (order) => {
    expect(orderOf({ ...of(0), ...versionAt(order) })).toBe(order);
  });
});
