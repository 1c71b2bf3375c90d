type Scored = { readonly score: number; readonly isGamed: boolean };

/**
 * Area under the precision-recall curve, as average precision: precision at each score, weighted by
 * the recall gained there. Equal scores are one step. 0 if nothing is gamed.
 */
export function averagePrecision(units: readonly Scored[]): number {
  const gamed = units.filter(({ isGamed }) => isGamed).length;
  const steps = [...Map.groupBy(units, ({ score }) => score)].sort(([a], [b]) => b - a);
  let found = 0;
  let looked = 0;
  let area = 0;
  for (const [, same] of steps) {
    const more = same.filter(({ isGamed }) => isGamed).length;
    found += more;
    looked += same.length;
    area += gamed === 0 ? 0 : (more / gamed) * (found / looked);
  }
  return area;
}
