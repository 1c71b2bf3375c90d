import type { PriceBook } from "../../shared/pricing/price-book.ts";
import { costOf, rollUpsOf } from "./book-comparison.ts";
import { draw } from "./draws.ts";
import { sumsOf } from "./oracle.ts";
import { factsOf, type StoredBooks } from "./stored-books.ts";

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
 * all there is are requests, of which each adds to the cost.
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
      const facts = (await books.ledgerItems(user, day)).flatMap(factsOf);
      const ledger = BigInt(sumsOf(facts, book).userDay.c);
      const cost = costOf(rolledUp.userDay);
      const isOnlyRequests = facts.every(({ grain }) => grain === "request");
      behind += rolledUp.entries < facts.length ? 1 : 0;
      if (
        rolledUp.entries > facts.length ||
        (rolledUp.entries === facts.length && cost !== ledger) ||
        (isOnlyRequests && cost > ledger)
      ) {
        violations.push(
          `${key}: a roll-up of ${rolledUp.entries} entries and ${cost} nano-USD, a ledger of ${facts.length} and ${ledger}`,
        );
      }
    },
    reads: () => reads,
    behind: () => behind,
    violations,
  };
}
