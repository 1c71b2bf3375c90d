/**
 * Solves a small dense system by Gaussian elimination with partial pivoting.
 *
 * @throws {RangeError} if the matrix is singular.
 */
export function solveLinear(
  matrix: readonly (readonly number[])[],
  right: readonly number[],
): readonly number[] {
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0]);
  for (let column = 0; column < rows.length; column++) {
    const pivot = pivotRow(rows, column);
    rows.splice(column, 0, ...rows.splice(rows.indexOf(pivot), 1));
    for (const row of rows.filter((other) => other !== pivot)) {
      const factor = (row[column] ?? 0) / (pivot[column] ?? 1);
      for (const [k, value] of pivot.entries()) {
        row[k] = (row[k] ?? 0) - factor * value;
      }
    }
  }
  return rows.map((row, i) => (row.at(-1) ?? 0) / (row[i] ?? 1));
}

function pivotRow(rows: readonly number[][], column: number): number[] {
  const size = (row: readonly number[]) => Math.abs(row[column] ?? 0);
  const pivot = rows.slice(column).reduce((a, b) => (size(b) > size(a) ? b : a));
  if (!(size(pivot) > 0)) {
    throw new RangeError("the matrix of a linear system must not be singular");
  }
  return pivot;
}
