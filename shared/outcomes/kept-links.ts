import { Rows } from "../rows.ts";
import { ATTRIBUTION_RULES } from "./delivery-unit.ts";
import type { SessionFact } from "./session-index.ts";
import type { SessionLink } from "./session-links.ts";
import type { LinkTiers } from "./task-links.ts";

/** Where the links of an outcome that earns nothing are. */
export const NO_LINKS = 0;

/** A link without the time since which it is known. */
export type KnownLink = Pick<SessionLink, "fact" | "rule">;

/** The links of all outcomes, in rows: there are nearly as many as sessions. */
export class KeptLinks {
  readonly #facts: SessionFact[] = [];
  /** Of each fact the tier and the rule, and since when it is known. */
  readonly #rows = new Rows({ counts: 2, amounts: 1 });
  /** Where the facts of what was kept end. */
  readonly #ends: number[] = [0];

  /** @returns where the other methods find them. */
  keep(tiers: LinkTiers): number {
    for (const [tier, links] of tiers.entries()) {
      for (const { fact, rule, sinceMs } of links) {
        this.#facts.push(fact);
        this.#rows.add([tier, ATTRIBUTION_RULES.indexOf(rule)], [sinceMs]);
      }
    }
    return this.#ends.push(this.#facts.length) - 1;
  }

  /** The links that count at a time: those that are known by then of the first tier that has any. */
  knownAt(at: number, asOfMs: number): readonly KnownLink[] {
    return this.#knownRows(at, asOfMs).flatMap((row) => {
      const fact = this.#facts[row];
      const rule = ATTRIBUTION_RULES[this.#rows.count(row, 1)];
      return fact === undefined || rule === undefined ? [] : { fact, rule };
    });
  }

  /** The session-days of {@link knownAt}. */
  knownFactsAt(at: number, asOfMs: number): readonly SessionFact[] {
    return this.#knownRows(at, asOfMs).flatMap((row) => this.#facts[row] ?? []);
  }

  #knownRows(at: number, asOfMs: number): readonly number[] {
    const known: number[] = [];
    let tier: number | undefined;
    const end = this.#ends[at] ?? 0;
    for (let row = this.#ends[at - 1] ?? 0; row < end; row++) {
      if (this.#rows.amount(row, 0) <= asOfMs) {
        tier ??= this.#rows.count(row, 0);
        if (this.#rows.count(row, 0) === tier) {
          known.push(row);
        }
      }
    }
    return known;
  }

  /** Since when the last link of the first tier is known; `-Infinity` without any. */
  lastOfFirstTierMs(at: number): number {
    let lastMs = Number.NEGATIVE_INFINITY;
    const end = this.#ends[at] ?? 0;
    for (let row = this.#ends[at - 1] ?? 0; row < end && this.#rows.count(row, 0) === 0; row++) {
      lastMs = Math.max(lastMs, this.#rows.amount(row, 0));
    }
    return lastMs;
  }

  /** Tells of the session-days of all tiers. */
  eachFact(at: number, tell: (fact: SessionFact) => void): void {
    const end = this.#ends[at] ?? 0;
    for (let row = this.#ends[at - 1] ?? 0; row < end; row++) {
      const fact = this.#facts[row];
      if (fact !== undefined) {
        tell(fact);
      }
    }
  }
}
