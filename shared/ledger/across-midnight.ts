import type { UsageEvent } from "../usage/usage-event.ts";
import { addDays, DAY_MS, startOfDay } from "./calendar.ts";
import { byTime, twinsAmong } from "./one-per-call.ts";
import type { Day } from "./roll-ups.ts";
import { type SegmentKey, userDayOfSegment } from "./segment.ts";

/** How far from midnight UTC the entries of one call are looked for on the other side. */
const EDGE_MINUTES = 15;
const EDGE_MS = EDGE_MINUTES * 60_000;
const DAY_MINUTES = 24 * 60;

/** What of the ledger a person's day is made of. */
export type EntriesOfDay = {
  /** The entries that the day answers for. */
  readonly booked: readonly UsageEvent[];
  /** How many entries that rests on, those beside the day included; only grows, as the ledger does. */
  readonly seen: number;
};

/**
 * What a day answers for. A call that has requests in the last minutes of one day and in the first of the
 * next is all of the earlier day: it is given the later ones, and the later day leaves the call out.
 * Both days work that out from the same entries on both sides, so each call is on exactly one.
 *
 * @param entries Those of the day, in any order, and those of its {@link neighboursOf}. More do no harm.
 */
export function entriesOfDay(day: Day, entries: readonly UsageEvent[]): EntriesOfDay {
  const start = startOfDay(day);
  const end = start + DAY_MS;
  const own = entries.filter(({ timeMs }) => timeMs >= start && timeMs < end);
  const morning = edgesAt(start, entries);
  const night = edgesAt(end, entries);
  const left = new Set(bookedBack(morning).map(({ id }) => id));
  return {
    booked: [...own, ...bookedBack(night)].filter(
      ({ grain, id }) => grain !== "request" || !left.has(id),
    ),
    seen:
      own.length +
      (morning.late.length > 0 ? morning.early.length : 0) +
      (night.early.length > 0 ? night.late.length : 0),
  };
}

/** The days beside it that a day depends on, for it has requests close to them: most have none. */
export function neighboursOf(day: Day, own: readonly UsageEvent[]): readonly Day[] {
  const start = startOfDay(day);
  return [
    ...(edgesAt(start, own).late.length > 0 ? [addDays(day, -1)] : []),
    ...(edgesAt(start + DAY_MS, own).early.length > 0 ? [addDays(day, 1)] : []),
  ];
}

/** The days that depend on a segment: its own, and the one beside it if it is close to it. */
export function daysThatDependOn(key: SegmentKey): readonly Day[] {
  const day = userDayOfSegment(key)?.day;
  const [, hour, minute] = /#(\d{2})(\d{2})$/.exec(key.sk) ?? [];
  if (day === undefined) {
    return [];
  }
  const minutes = Number(hour) * 60 + Number(minute);
  return [
    day,
    ...(minutes < EDGE_MINUTES ? [addDays(day, -1)] : []),
    ...(minutes >= DAY_MINUTES - EDGE_MINUTES ? [addDays(day, 1)] : []),
  ];
}

/** The requests within minutes of a midnight, before it and after it. */
type Edges = { readonly early: readonly UsageEvent[]; readonly late: readonly UsageEvent[] };

function edgesAt(midnightMs: number, entries: readonly UsageEvent[]): Edges {
  const requests = entries.filter(
    ({ grain, timeMs }) => grain === "request" && Math.abs(timeMs - midnightMs) <= EDGE_MS,
  );
  return {
    early: requests.filter(({ timeMs }) => timeMs < midnightMs && timeMs >= midnightMs - EDGE_MS),
    late: requests.filter(({ timeMs }) => timeMs >= midnightMs && timeMs < midnightMs + EDGE_MS),
  };
}

/** The late requests whose call began to be told of before midnight. */
function bookedBack({ early, late }: Edges): readonly UsageEvent[] {
  if (early.length === 0 || late.length === 0) {
    return [];
  }
  const namesOf = namesOfCalls([...early, ...late]);
  const known = new Set(early.flatMap(namesOf));
  const back = new Set<UsageEvent>();
  for (let found = -1; found < back.size; ) {
    found = back.size;
    for (const event of late.filter((each) => namesOf(each).some((name) => known.has(name)))) {
      back.add(event);
      for (const name of namesOf(event)) {
        known.add(name);
      }
    }
  }
  return [...back].sort(byTime);
}

/** What an entry's call goes by: its identity, the provider's response, and the twin that has a name. */
function namesOfCalls(entries: readonly UsageEvent[]): (event: UsageEvent) => readonly string[] {
  const twins = new Map([...twinsAmong(entries)].map(([named, twin]) => [twin.id, named.id]));
  return ({ id, response, model }) => {
    const twin = twins.get(id);
    return [
      `id ${id}`,
      ...(twin === undefined ? [] : [`id ${twin}`]),
      ...(response === undefined ? [] : [`response ${response} ${model}`]),
    ];
  };
}
