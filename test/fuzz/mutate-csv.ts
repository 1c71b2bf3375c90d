import type { Random } from "../../infra/demo/random.ts";
import { hostileText } from "./hostile-values.ts";

const MOST_COPIES = 50;

/** A table with a cell, a row or its header changed in one way. Cells are not quoted by themselves. */
export function mutateCsv(text: string, random: Random): string {
  const rows = text.split("\n");
  const at = random.whole(0, rows.length - 1);
  const row = rows[at] ?? "";
  const cells = row.split(",");
  const column = random.whole(0, cells.length - 1);
  const withCells = (changed: readonly string[]) => rows.with(at, changed.join(",")).join("\n");
  return random.pick<() => string>([
    () => rows.toSpliced(at, 1).join("\n"),
    () =>
      rows
        .toSpliced(at, 0, ...Array.from({ length: random.whole(1, MOST_COPIES) }, () => row))
        .join("\n"),
    () => withCells(cells.toSpliced(column, 1)),
    () => withCells(cells.toSpliced(column, 0, cells[column] ?? "")),
    () => withCells(cells.with(column, hostileText(random))),
    () => withCells(cells.with(column, hostileText(random))),
    () => withCells(cells.with(column, JSON.stringify(hostileText(random)))),
    () => withCells(cells.with(column, `"${cells[column]}`)),
    () => withCells(cells.with(column, `${cells[column]}"`)),
    () => withCells(cells.map((_, index) => cells.at(index - 1) ?? "")),
    () => rows.join(random.pick(["\r", "\r\n", "\n\n", ";", "\u0000", "\u2028"])),
    () => row + text,
  ])();
}
