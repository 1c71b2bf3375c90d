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
