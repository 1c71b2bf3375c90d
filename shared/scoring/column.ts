/** What is measured of each item, in their order: hundreds of thousands of numbers without an object each. */
export function columnOf<Item>(
  items: readonly Item[],
  measure: (item: Item, at: number) => number,
): Float64Array<ArrayBuffer> {
  const column = new Float64Array(items.length);
  let at = 0;
  for (const item of items) {
    column[at] = measure(item, at);
    at += 1;
  }
  return column;
}

/** Columns one after the other. */
export function joined(columns: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(columns.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const column of columns) {
    all.set(column, at);
    at += column.length;
  }
  return all;
}
