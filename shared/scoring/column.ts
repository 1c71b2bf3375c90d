/** What is measured of each item, in their order: hundreds of thousands of numbers without an object each. */
export function columnOf<Item>(
  items: readonly Item[],
  measure: (item: Item, at: number) => number,
): Float64Array<ArrayBuffer> {
  const column = new Float64Array(items.length);
  for (const [at, item] of items.entries()) {
    column[at] = measure(item, at);
  }
  return column;
}
