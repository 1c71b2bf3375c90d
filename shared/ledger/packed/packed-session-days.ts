import { isExactAsNumber, type NanoUsd } from "../../money/nano-usd.ts";
import { Rows } from "../../rows.ts";
import type { UserPseudonym } from "../../usage/usage-event.ts";
import type { Day, RollUpVersion, SessionDay } from "../roll-ups.ts";
import { Numbered, valueAt } from "./numbered.ts";

/**
 * Holds session-days in less memory than an object for each takes: a night of a large organisation has
 * a million. What it makes of a value reads like it, but has its fields from its class: a spread copies
 * none of them.
 */
export class PackedSessionDays {
  /** In the order in which they were added. */
  readonly values: SessionDay[] = [];
  readonly #texts = new Numbered<string>();
  readonly #lists = new Numbered<TextOrList>();
  readonly #versions = new Numbered<RollUpVersion>();
  readonly #table: Table = {
    rows: new Rows({ counts: 13, amounts: 3 }),
    texts: this.#texts.values,
    lists: this.#lists.values,
    versions: this.#versions.values,
  };

  /** A value with numbers that no real day has is kept as it is. */
  add(value: SessionDay): void {
    const row = this.#table.rows.length;
    const isPacked = isExactAsNumber(value.costNanoUsd) && this.#addRow(value);
    this.values.push(isPacked ? new PackedSessionDay(this.#table, row, value.session) : value);
  }

  #addRow(value: SessionDay): boolean {
    const text = (of: string) => this.#texts.numberOf(of, of);
    const list = (of: readonly string[]) => this.#lists.numberOf(JSON.stringify(of), shortened(of));
    return this.#table.rows.add(
      [
        text(value.user),
        text(value.day),
        list(value.tools),
        list(value.useCases),
        list(value.repositories),
        list(value.branches),
        list(value.commits),
        this.#versions.numberOf(JSON.stringify(value.version), value.version),
        value.calls,
        value.unpricedCalls,
        value.agents,
        value.fingerprintedCalls,
        value.distinctFingerprints,
      ],
      [Number(value.costNanoUsd), value.firstMs, value.lastMs],
    );
  }
}

/** Most lists have one text, of which there may be as many as sessions. */
type TextOrList = string | readonly string[];

function shortened(list: readonly string[]): TextOrList {
  const [only] = list;
  return only !== undefined && list.length === 1 ? only : list;
}

type Table = {
  readonly rows: Rows;
  readonly texts: readonly string[];
  readonly lists: readonly TextOrList[];
  readonly versions: readonly RollUpVersion[];
};

/** A row, read as the value it was made of: its fields in the order in which the row has them. */
class PackedSessionDay implements SessionDay {
  readonly session: string;
  readonly #table: Table;
  readonly #row: number;

  constructor(table: Table, row: number, session: string) {
    this.session = session;
    this.#table = table;
    this.#row = row;
  }

  get user(): UserPseudonym {
    return this.#text(0);
  }

  get day(): Day {
    return this.#text(1);
  }

  get tools(): readonly string[] {
    return this.#list(2);
  }

  get useCases(): readonly string[] {
    return this.#list(3);
  }

  get repositories(): readonly string[] {
    return this.#list(4);
  }

  get branches(): readonly string[] {
    return this.#list(5);
  }

  get commits(): readonly string[] {
    return this.#list(6);
  }

  get version(): RollUpVersion {
    return valueAt(this.#table.versions, this.#count(7));
  }

  get calls(): number {
    return this.#count(8);
  }

  get unpricedCalls(): number {
    return this.#count(9);
  }

  get agents(): number {
    return this.#count(10);
  }

  get fingerprintedCalls(): number {
    return this.#count(11);
  }

  get distinctFingerprints(): number {
    return this.#count(12);
  }

  get costNanoUsd(): NanoUsd {
    return BigInt(this.#table.rows.amount(this.#row, 0));
  }

  get firstMs(): number {
    return this.#table.rows.amount(this.#row, 1);
  }

  get lastMs(): number {
    return this.#table.rows.amount(this.#row, 2);
  }

  #count(field: number): number {
    return this.#table.rows.count(this.#row, field);
  }

  #text(field: number): string {
    return valueAt(this.#table.texts, this.#count(field));
  }

  #list(field: number): readonly string[] {
    const list = valueAt(this.#table.lists, this.#count(field));
    return typeof list === "string" ? [list] : list;
  }
}
