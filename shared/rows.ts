type Block = { readonly counts: Uint32Array; readonly amounts: Float64Array };

const ROWS_PER_BLOCK = 1_024;

/**
 * Rows of numbers, outside the garbage collector's heap: 4 bytes a count and 8 an amount, and no object
 * for each row. Memory comes in blocks, so nothing is ever copied.
 */
export class Rows {
  readonly #counts: number;
  readonly #amounts: number;
  readonly #blocks: Block[] = [];
  #length = 0;

  /** @param width How many counts and amounts each row has. */
  constructor(width: { readonly counts: number; readonly amounts: number }) {
    this.#counts = width.counts;
    this.#amounts = width.amounts;
  }

  /** Rows so far, and so the place of the next. */
  get length(): number {
    return this.#length;
  }

  /**
   * Appends a row. Adds nothing and answers `false` if a count is not a whole number from 0 to
   * 4,294,967,295: what would be read back has to be what was given.
   */
  add(counts: readonly number[], amounts: readonly number[]): boolean {
    if (!counts.every((count) => count >>> 0 === count)) {
      return false;
    }
    const at = this.#length % ROWS_PER_BLOCK;
    const block = at === 0 ? this.#grow() : this.#blocks.at(-1);
    if (block !== undefined) {
      write(counts, block.counts, at * this.#counts);
      write(amounts, block.amounts, at * this.#amounts);
    }
    this.#length += 1;
    return true;
  }

  count(row: number, field: number): number {
    const block = this.#blocks[Math.floor(row / ROWS_PER_BLOCK)];
    return block?.counts[(row % ROWS_PER_BLOCK) * this.#counts + field] ?? 0;
  }

  amount(row: number, field: number): number {
    const block = this.#blocks[Math.floor(row / ROWS_PER_BLOCK)];
    return block?.amounts[(row % ROWS_PER_BLOCK) * this.#amounts + field] ?? 0;
  }

  #grow(): Block {
    const block = {
      counts: new Uint32Array(ROWS_PER_BLOCK * this.#counts),
      amounts: new Float64Array(ROWS_PER_BLOCK * this.#amounts),
    };
    this.#blocks.push(block);
    return block;
  }
}

/** For so few values, `set` of a typed array takes several times as long. */
function write(values: readonly number[], to: Uint32Array | Float64Array, first: number): void {
  for (let at = 0; at < values.length; at++) {
    to[first + at] = values[at] ?? 0;
  }
}
