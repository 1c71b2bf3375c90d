import * as z from "zod";
import { JsonText } from "../json-text.ts";
import type { CollectTask } from "./collector-source.ts";

/**
 * Where a read of a day's events is. Events have no id, so equal ones are told apart by their order;
 * those at the edge of a page may go on on the next.
 */
const Place = z.object({
  page: z.int().min(1),
  /** How many events the day had when it was begun. */
  total: z.int().min(0),
  /** How often the day was begun anew, because events came in between two pages. */
  begun: z.int().min(0),
  /** How many events of the page's last moment were alike, by a hash of what tells them apart. */
  alike: z.record(z.string(), z.int().min(1)),
});
export type CursorPlace = z.infer<typeof Place>;

/** An event that comes in while a day is read shifts all pages. So often the day is begun anew. */
const MOST_BEGINNINGS = 2;

const START: CursorPlace = { page: 1, total: 0, begun: 0, alike: {} };

export function placeOf({ page }: CollectTask): CursorPlace {
  return page === undefined ? START : JsonText.pipe(Place).parse(page);
}

/** What to do with a page that says how many events there are: take it, or begin the day anew. */
export function isShifted(place: CursorPlace, total: number): boolean {
  return place.page > 1 && total !== place.total && place.begun < MOST_BEGINNINGS;
}

export function beginAnew(task: CollectTask, place: CursorPlace): CollectTask {
  return { ...task, page: JSON.stringify({ ...START, begun: place.begun + 1 }) };
}

export function nextCursorPage(
  task: CollectTask,
  place: CursorPlace,
  total: number,
  alike: CursorPlace["alike"],
): CollectTask {
  const isSteady = place.page === 1 || total === place.total;
  const next: CursorPlace = {
    page: place.page + 1,
    total,
    begun: place.begun,
    // Of pages that shift, the same event may come twice: better one too few of two alike.
    alike: isSteady ? alike : {},
  };
  return { ...task, page: JSON.stringify(next) };
}
