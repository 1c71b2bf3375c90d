import { restates } from "../../shared/ledger/restates.ts";
import { addsToCall, isSameCallSeenTwice } from "../../shared/ledger/same-call.ts";
import { segmentKey, UnreadableEntryError, unpackEvent } from "../../shared/ledger/segment.ts";
import type { AppendOutcome } from "../../shared/ports/usage-ledger.ts";
import type { UsageEvent } from "../../shared/usage/usage-event.ts";
import type { Entry, StoredSegment } from "./segment-update.ts";

/** What became of an event, by its position in what was appended. */
export type Outcome = readonly [index: number, outcome: AppendOutcome];

/** Follows the name of an entry that adds something to the call that the entry before it tells of. */
const BESIDE = "+";

/** The name that a call has whoever tells of it. */
export function identityIn(name: string): string {
  return name.replace(/\++$/, "");
}

/** What is added beside an entry adds no call. */
export function added({ index, name }: Entry): Outcome {
  return [index, { kind: name.endsWith(BESIDE) ? "duplicate" : "committed" }];
}

export function segmentFull({ index, event }: Entry): Outcome {
  const detail = "this session sent more calls in one minute than one ledger item can hold";
  return [
    index,
    { kind: "quarantined", quarantined: { event, reason: "segment-full", detail, index } },
  ];
}

/**
 * Finds a place for entries in a segment: their own name, or one beside those that tell of the same call
 * and do not know all that they do. The others are settled: they say nothing new, or contradict.
 */
export function placedIn(
  stored: StoredSegment,
  entries: readonly Entry[],
): { readonly placed: readonly Entry[]; readonly settled: readonly Outcome[] } {
  const placed: Entry[] = [];
  const settled: Outcome[] = [];
  const sightings = new Map<string, (UsageEvent | undefined)[]>();
  for (const entry of entries) {
    const name = identityIn(entry.name);
    const known = sightings.get(name) ?? storedSightings({ ...entry, name }, stored);
    sightings.set(name, known);
    const outcome = outcomeAmong(entry, known);
    if (outcome === undefined) {
      placed.push({ ...entry, name: name + BESIDE.repeat(known.length) });
      known.push(entry.event);
    } else {
      settled.push([entry.index, outcome]);
    }
  }
  return { placed, settled };
}

/** Nothing, if the entry is to be stored. */
function outcomeAmong(
  { event, index }: Entry,
  sightings: readonly (UsageEvent | undefined)[],
): AppendOutcome | undefined {
  if (sightings.some((seen) => seen !== undefined && saysNothingNew(seen, event))) {
    return { kind: "duplicate" };
  }
  const [first] = sightings;
  if (sightings.length === 0 || (first !== undefined && addsToCall(first, event))) {
    return undefined;
  }
  const detail =
    "this call is in the ledger already, with another model, tokens or cost; the first one stands";
  return { kind: "quarantined", quarantined: { event, reason: "conflict", detail, index } };
}

function saysNothingNew(seen: UsageEvent, event: UsageEvent): boolean {
  return !addsToCall(seen, event) && (restates(seen, event) || isSameCallSeenTwice(seen, event));
}

/** What is stored under an entry's name and beside it; undefined where it cannot be read: nobody can say that it is the same. */
function storedSightings({ event, name }: Entry, stored: StoredSegment) {
  const sightings: (UsageEvent | undefined)[] = [];
  for (let at = name; stored[at] !== undefined; at += BESIDE) {
    sightings.push(storedEvent(event, at, stored));
  }
  return sightings;
}

function storedEvent(
  event: UsageEvent,
  name: string,
  stored: StoredSegment,
): UsageEvent | undefined {
  try {
    return unpackEvent(
      segmentKey(event),
      name,
      stored[name]?.S ?? "",
      (contextName) => stored[`c${contextName}`]?.S,
    );
  } catch (error) {
    if (error instanceof UnreadableEntryError) {
      return undefined;
    }
    throw error;
  }
}
