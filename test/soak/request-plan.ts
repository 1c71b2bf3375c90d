import { draw, drawFrom, drawWhole } from "./draws.ts";
import { GROUP, type SoakEvent, type SoakFormat, STRETCH, type UsagePlan } from "./usage-plan.ts";

/** One request of the run, before it is put on the wire. */
export type SoakRequest = {
  readonly format: SoakFormat;
  /** Numbers of its events in the plan, in order. */
  readonly events: readonly number[];
  /** Whether it carries a record that nobody can read, and one from a clock that is a year ahead. */
  readonly hasFlaws: boolean;
  readonly kind: "first" | "again" | "rebatched";
};

export type RequestPlan = {
  readonly requests: readonly SoakRequest[];
  readonly resentEvents: number;
  readonly rebatchedEvents: number;
  readonly movedRequests: number;
};

/** Shares of the plan; the first two are of events, the others of requests. */
const RESENT_SHARE = 0.1;
const REBATCHED_SHARE = 0.1;
const MOVED_SHARE = 0.1;
const FLAWED_SHARE = 0.02;
/** How many requests of a sender a collector cuts across. */
const COLLECTED_SHARE = 0.1;

/** Batch sizes, and how often each is drawn for a stretch of a hundred events. */
const BATCHES = [
  [100, 72],
  [50, 24],
  [20, 12],
  [10, 8],
  [7, 2],
  [3, 1],
  [1, 1],
].flatMap(([size = 1, times]) => Array.from({ length: times ?? 1 }, () => size));
const REBATCHES = [7, 33, 60, 100] as const;

const FOR = {
  batch: 100,
  collected: 101,
  flawed: 102,
  again: 103,
  rebatched: 104,
  rebatchSize: 105,
  shuffle: 106,
  moved: 107,
  place: 108,
};

/**
 * Cuts the plan's events into requests: 20 % of the events come again, half of them in the same
 * request and half in other batches, and 10 % of the requests far from their place.
 */
export function requestPlan({ seed, count, formatOf, event }: UsagePlan): RequestPlan {
  const first: SoakRequest[] = [];
  const rebatched: { readonly request: SoakRequest; readonly after: number }[] = [];
  for (let group = 0; group < count; group += GROUP) {
    const format = formatOf(group);
    const request = (events: readonly number[], kind: SoakRequest["kind"]): SoakRequest => ({
      format,
      events,
      kind,
      hasFlaws:
        kind === "first" &&
        draw(seed, events[0] ?? 0, FOR.flawed) < FLAWED_SHARE &&
        event(events[0] ?? 0).grain !== "link",
    });
    for (const events of batchesOf(seed, group, Math.min(count, group + GROUP))) {
      first.push(request(events, "first"));
    }
    for (const events of recutOf(seed, group, Math.min(count, group + GROUP))) {
      rebatched.push({ request: request(events, "rebatched"), after: first.length });
    }
  }
  const again = first.flatMap((request, at) =>
    draw(seed, at, FOR.again) < RESENT_SHARE
      ? [{ request: { ...request, kind: "again" as const }, after: at }]
      : [],
  );
  return ordered(seed, first, [...again, ...rebatched]);
}

function batchesOf(seed: number, from: number, to: number): readonly (readonly number[])[] {
  if (draw(seed, from, FOR.collected) < COLLECTED_SHARE && to - from === GROUP) {
    // A collector mixes senders: each request holds ten events of ten stretches.
    return range(0, GROUP / STRETCH).map((part) =>
      range(from, to).filter((index) => Math.floor((index % STRETCH) / 10) === part),
    );
  }
  const batches: (readonly number[])[] = [];
  for (let stretch = from; stretch < to; stretch += STRETCH) {
    const size = BATCHES[drawWhole(seed, stretch, FOR.batch, BATCHES.length)] ?? STRETCH;
    batches.push(...cut(range(stretch, Math.min(to, stretch + STRETCH)), size));
  }
  return batches;
}

/** A tenth of a group's events, from everywhere in it, shuffled. */
function recutOf(seed: number, from: number, to: number): readonly (readonly number[])[] {
  const size = drawFrom(REBATCHES, seed, from, FOR.rebatchSize);
  const start = from + drawWhole(seed, from, FOR.rebatched, Math.max(1, to - from - 2 * STRETCH));
  const chosen = range(start, Math.min(to, start + 2 * STRETCH)).filter(
    (index) => draw(seed, index, FOR.rebatched) < (REBATCHED_SHARE * GROUP) / (2 * STRETCH),
  );
  const shuffled = chosen.toSorted(
    (a, b) => draw(seed, a, FOR.shuffle) - draw(seed, b, FOR.shuffle),
  );
  return cut(shuffled, size);
}

type Repeat = { readonly request: SoakRequest; readonly after: number };

/** What comes again comes soon after, at once, or before its time; a tenth of all is out of order. */
function ordered(
  seed: number,
  first: readonly SoakRequest[],
  repeats: readonly Repeat[],
): RequestPlan {
  const isMoved = (at: number) => draw(seed, at, FOR.moved) < MOVED_SHARE;
  const jitter = (at: number, reach: number) => (draw(seed, at, FOR.place) - 0.5) * reach;
  const placed = [
    ...first.map((request, at) => ({
      request,
      place: at + (isMoved(at) ? jitter(at, first.length / 5) : 0),
    })),
    ...repeats.map(({ request, after }, at) => ({
      request,
      place: after + (draw(seed, at, FOR.place) - 0.05) * (first.length / 5),
    })),
  ];
  const events = (kind: SoakRequest["kind"]) =>
    repeats
      .filter(({ request }) => request.kind === kind)
      .reduce((sum, { request }) => sum + request.events.length, 0);
  return {
    requests: placed.toSorted((a, b) => a.place - b.place).map(({ request }) => request),
    resentEvents: events("again") + events("rebatched"),
    rebatchedEvents: events("rebatched"),
    movedRequests: first.filter((_, at) => isMoved(at)).length,
  };
}

/** The records of a request that must not be counted: one that names no model, one from a clock years ahead. */
export function flawsOf(event: SoakEvent): {
  readonly unreadable: SoakEvent;
  readonly ahead: SoakEvent;
} {
  const requestId = (flaw: string) =>
    event.grain === "window" ? event.requestId : `${event.requestId}-${flaw}`;
  return {
    unreadable: { ...event, requestId: requestId("unreadable"), model: "" },
    ahead: {
      ...event,
      requestId: requestId("ahead"),
      timeMs: event.timeMs + 9 * 365 * 86_400_000,
    },
  };
}

function cut(events: readonly number[], size: number): readonly (readonly number[])[] {
  const batches: (readonly number[])[] = [];
  for (let start = 0; start < events.length; start += size) {
    batches.push(events.slice(start, start + size));
  }
  return batches;
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, at) => from + at);
}
