/** Gives each different value a number, from 0, so that a value that recurs is kept once. */
export class Numbered<Value> {
  /** By their numbers. Whoever keeps only these lets go of what finding a value again takes. */
  readonly values: Value[] = [];
  readonly #numbers = new Map<string, number>();

  /** @param key The same for values that are the same, and for no others. */
  numberOf(key: string, value: Value): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) {
      return known;
    }
    const number = this.values.push(value) - 1;
    this.#numbers.set(key, number);
    return number;
  }
}

/** @throws {RangeError} if nothing has that number. */
export function valueAt<Value>(values: readonly Value[], number: number): Value {
  const value = values[number];
  if (value === undefined) {
    throw new RangeError(`there are ${values.length} values, and none has number ${number}`);
  }
  return value;
}
