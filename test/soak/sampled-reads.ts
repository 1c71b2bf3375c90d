import type { PriceBook } from "../../shared/pricing/price-book.ts";
import { costOf, rollUpsOf } from "./book-comparison.ts";
import { sumsOfDay } from "./day-oracle.ts";
import { draw } from "./draws.ts";
import { type StoredBooks, storedDay } from "./stored-books.ts";

export type SampledReads = {
  /** Looks at one user's day as it is at this moment. */
  readonly sample: () => Promise<void>;
  readonly reads: () => number;
  /** Reads that met a roll-up behind its ledger, as it may be. */
  readonly behind: () => number;
  readonly violations: readonly string[];
};

const FOR_SAMPLE = 500;

/**
 * Reads roll-ups while the run goes on. Whatever is stored has to be true of some part of the
 * ledger: never of more entries than there are; of as many, to the nano-USD; and never dearer where
 * all there is are requests of this day, of which each adds to the cost.
 */
export function sampledReads(
  seed: number,
  keys: readonly string[],
  books: StoredBooks,
  book: PriceBook,
): SampledReads {
  const violations: string[] = [];
  let reads = 0;
  let behind = 0;
  return {
    sample: async () => {
      reads += 1;
      const key = keys[Math.floor(draw(seed, reads, FOR_SAMPLE) * keys.length)] ?? "";
      const [user = "", day = ""] = key.split(" ");
      // In this order: the ledger only grows, so what the roll-up summed up is in it by now.
      const rolledUp = rollUpsOf(await books.rollUpItems(user, day), user, day);
      const { facts } = await storedDay(books, user, day);
      const { userDay, entries, lost } = sumsOfDay(day, facts, book);
      const ledger = BigInt(userDay.c);
      const cost = costOf(rolledUp.userDay);
      // What a day loses to the one before makes it cheaper.
      const onlyGrows = lost === 0 && facts.every(({ grain }) => grain === "request");
      behind += rolledUp.entries < entries ? 1 : 0;
      if (
        rolledUp.entries > entries ||
        (rolledUp.entries === entries && cost !== ledger) ||
        (onlyGrows && cost > ledger)
      ) {
        violations.push(
          `${key}: a roll-up of ${rolledUp.entries} entries and ${cost} nano-USD, a ledger of ${entries} and ${ledger}`,
        );
      }
    },
    reads: () => reads,
    behind: () => behind,
    violations,
  };
}
