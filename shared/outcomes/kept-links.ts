import { Rows } from "../rows.ts";
import { ATTRIBUTION_RULES } from "./delivery-unit.ts";
import type { SessionFact } from "./session-index.ts";
import type { SessionLink } from "./session-links.ts";
import type { LinkTiers } from "./task-links.ts";

/** Where the links of an outcome that earns nothing are. */
export const NO_LINKS = 0;

/** The links of all outcomes, in rows: there are nearly as many as sessions. */
export class KeptLinks {
  readonly #facts: SessionFact[] = [];
  /** Of each fact the tier and the rule, and since when it is known. */
  readonly #rows = new Rows({ counts: 2, amounts: 1 });
  /** Where the facts of what was kept end. */
  readonly #ends: number[] = [0];

  /** @returns where {@link tiersAt} finds them. */
  keep(tiers: LinkTiers): number {
    for (const [tier, links] of tiers.entries()) {
      for (const { fact, rule, sinceMs } of links) {
        this.#facts.push(fact);
        this.#rows.add([tier, ATTRIBUTION_RULES.indexOf(rule)], [sinceMs]);
      }
    }
    return this.#ends.push(this.#facts.length) - 1;
  }

  tiersAt(at: number): LinkTiers {
    const tiers: SessionLink[][] = [];
    const end = this.#ends[at] ?? 0;
    for (let row = this.#ends[at - 1] ?? 0; row < end; row++) {
      const fact = this.#facts[row];
      const rule = ATTRIBUTION_RULES[this.#rows.count(row, 1)];
      if (fact !== undefined && rule !== undefined) {
        const tier = this.#rows.count(row, 0);
        const links = tiers[tier] ?? [];
        links.push({ fact, rule, sinceMs: this.#rows.amount(row, 0) });
        tiers[tier] = links;
      }
    }
    return tiers;
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
