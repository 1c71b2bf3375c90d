import { isExactAsNumber, type NanoUsd } from "../../money/nano-usd.ts";
import { Rows } from "../../rows.ts";
import type { UserPseudonym } from "../../usage/usage-event.ts";
import type { CostLine, Day, RollUpVersion, UserDay } from "../roll-ups.ts";
import { Numbered, valueAt } from "./numbered.ts";

/** Holds user-days in less memory than objects take, as `PackedSessionDays` does session-days. */
export class PackedUserDays {
  /** In the order in which they were added. */
  readonly values: UserDay[] = [];
  readonly #texts = new Numbered<string>();
  readonly #versions = new Numbered<RollUpVersion>();
  readonly #kinds = new Numbered<LineKind>();
  readonly #table: Table = {
    days: new Rows({ counts: 10, amounts: 1 }),
    lines: new Rows({ counts: 5, amounts: 7 }),
    texts: this.#texts.values,
    versions: this.#versions.values,
    kinds: this.#kinds.values,
  };

  /** A value with credits, in two grains, or with numbers that no real day has, is kept as it is. */
  add(value: UserDay): void {
    const row = this.#table.days.length;
    const isPacked = hasUsualFields(value) && this.#addLines(value) && this.#addDay(value);
    this.values.push(isPacked ? new PackedUserDay(this.#table, row) : value);
  }

  #addDay(value: UserDay): boolean {
    const text = (of: string) => this.#texts.numberOf(of, of);
    return this.#table.days.add(
      [
        text(value.user),
        text(value.day),
        this.#versions.numberOf(JSON.stringify(value.version), value.version),
        value.calls,
        value.unpricedCalls,
        value.sessions,
        value.fingerprintedCalls,
        value.distinctFingerprints,
        this.#table.lines.length - value.lines.length,
        value.lines.length,
      ],
      [Number(value.costNanoUsd)],
    );
  }

  #addLines({ lines }: UserDay): boolean {
    return lines.every((line) => {
      const { tool, provider, model, grain, tokens } = line;
      const kind = { tool, provider, model, ...(grain && { grain }) };
      return this.#table.lines.add(
        [
          this.#kinds.numberOf(JSON.stringify([tool, provider, model, grain]), kind),
          line.calls,
          line.unpricedCalls,
          line.reportedBasisCalls,
          // One more, as 0 is none.
          (line.configuredBasisCalls ?? -1) + 1,
        ],
        [
          tokens.uncachedInput,
          tokens.cacheRead,
          tokens.cacheWrite5m,
          tokens.cacheWrite1h,
          tokens.output,
          tokens.reasoning,
          Number(line.costNanoUsd),
        ],
      );
    });
  }
}

function hasUsualFields({ costNanoUsd, otherGrain, lines }: UserDay): boolean {
  return (
    otherGrain === undefined &&
    isExactAsNumber(costNanoUsd) &&
    lines.every((line) => isExactAsNumber(line.costNanoUsd) && line.credits === undefined)
  );
}

type LineKind = Pick<CostLine, "tool" | "provider" | "model" | "grain">;

type Table = {
  readonly days: Rows;
  readonly lines: Rows;
  readonly texts: readonly string[];
  readonly versions: readonly RollUpVersion[];
  readonly kinds: readonly LineKind[];
};

/** A row, read as the value it was made of: its fields in the order in which the row has them. */
class PackedUserDay implements UserDay {
  readonly #table: Table;
  readonly #row: number;

  constructor(table: Table, row: number) {
    this.#table = table;
    this.#row = row;
  }

  get user(): UserPseudonym {
    return valueAt(this.#table.texts, this.#count(0));
  }

  get day(): Day {
    return valueAt(this.#table.texts, this.#count(1));
  }

  get version(): RollUpVersion {
    return valueAt(this.#table.versions, this.#count(2));
  }

  get calls(): number {
    return this.#count(3);
  }

  get unpricedCalls(): number {
    return this.#count(4);
  }

  get sessions(): number {
    return this.#count(5);
  }

  get fingerprintedCalls(): number {
    return this.#count(6);
  }

  get distinctFingerprints(): number {
    return this.#count(7);
  }

  get lines(): readonly CostLine[] {
    const first = this.#count(8);
    return Array.from({ length: this.#count(9) }, (_, at) => lineOf(this.#table, first + at));
  }

  get costNanoUsd(): NanoUsd {
    return BigInt(this.#table.days.amount(this.#row, 0));
  }

  #count(field: number): number {
    return this.#table.days.count(this.#row, field);
  }
}

function lineOf({ lines, kinds }: Table, row: number): CostLine {
  const configured = lines.count(row, 4);
  return {
    ...valueAt(kinds, lines.count(row, 0)),
    calls: lines.count(row, 1),
    unpricedCalls: lines.count(row, 2),
    reportedBasisCalls: lines.count(row, 3),
    ...(configured > 0 && { configuredBasisCalls: configured - 1 }),
    tokens: {
      uncachedInput: lines.amount(row, 0),
      cacheRead: lines.amount(row, 1),
      cacheWrite5m: lines.amount(row, 2),
      cacheWrite1h: lines.amount(row, 3),
      output: lines.amount(row, 4),
      reasoning: lines.amount(row, 5),
    },
    costNanoUsd: BigInt(lines.amount(row, 6)),
  };
}
