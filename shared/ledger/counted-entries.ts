import type { UsageEvent } from "../usage/usage-event.ts";
import { entriesOfDay } from "./across-midnight.ts";
import type { GrainAuthority } from "./grain-authority.ts";
import { identityOf, onePerCall } from "./one-per-call.ts";
import type { Day } from "./roll-ups.ts";

/** The session of records whose source knows none. */
const NO_SESSION = "-";

/** A person's day, sorted into what counts and what does not. */
export type CountedEntries = {
  /** Each call once, in order of time; links among them. */
  readonly counted: readonly UsageEvent[];
  /** What the grain that is not the authority says of tools that count by the other. */
  readonly otherGrain: readonly UsageEvent[];
  /** How many entries that rests on: what is recomputed from fewer is older. */
  readonly seen: number;
};

/**
 * Every call of a person's day once, under whichever names it is stated. In turn:
 *
 * 0. A call with entries on both sides of midnight is of the earlier day ({@link entriesOfDay}).
 * 1. A call that several sources saw, or that is told again, counts once ({@link onePerCall}).
 * 2. Of a row that was restated, the latest statement stands.
 * 3. Of a tool's requests and its day rows, where there are both, only the authority counts.
 * 4. A tool's windows count only where it sent no request in the session; windows that name no
 *    session only if it sent no request that day.
 *
 * The order of entries does not matter.
 *
 * @param entries Those of the day under all names of the person, and of the days beside it that
 *   `neighboursOf` names.
 */
export function countedEntries(
  day: Day,
  entries: readonly UsageEvent[],
  authority: GrainAuthority,
): CountedEntries {
  const { booked, seen } = entriesOfDay(day, entries);
  const standing = standingRevisions(onePerCall(booked));
  const isDayRow = dayRowsCount(day, standing, authority);
  const isOther = (event: UsageEvent) =>
    event.grain !== "link" && (event.grain === "day") !== isDayRow(event.tool);
  return {
    counted: withoutShadowedWindows(standing.filter((event) => !isOther(event))),
    otherGrain: withoutShadowedWindows(standing.filter(isOther)),
    seen,
  };
}

function standingRevisions(events: readonly UsageEvent[]): readonly UsageEvent[] {
  const latest = new Map<string, UsageEvent>();
  for (const event of events) {
    const row = rowOf(event);
    const known = row === undefined ? undefined : latest.get(row);
    if (row !== undefined && (known === undefined || isLater(event, known))) {
      latest.set(row, event);
    }
  }
  return events.filter((event) => {
    const row = rowOf(event);
    return row === undefined || latest.get(row) === event;
  });
}

/** The row that an event restates. As with identities, the name of a counter is its sender's own. */
function rowOf({ grain, user, revision }: UsageEvent): string | undefined {
  return revision && identityOf({ grain, user, id: revision.of });
}

function isLater(event: UsageEvent, than: UsageEvent): boolean {
  const difference = (event.revision?.asOfMs ?? 0) - (than.revision?.asOfMs ?? 0);
  return difference > 0 || (difference === 0 && event.id > than.id);
}

/** Answers for a tool whether its day rows are what counts. */
function dayRowsCount(
  day: Day,
  events: readonly UsageEvent[],
  authority: GrainAuthority,
): (tool: string) => boolean {
  const toolsWith = (...grains: readonly UsageEvent["grain"][]) =>
    new Set(events.filter(({ grain }) => grains.includes(grain)).map(({ tool }) => tool));
  const withCalls = toolsWith("request", "window");
  const withDayRows = toolsWith("day");
  return (tool) =>
    withDayRows.has(tool) && (!withCalls.has(tool) || authority.of(tool, day) === "day");
}

function withoutShadowedWindows(events: readonly UsageEvent[]): readonly UsageEvent[] {
  const requests = events.filter(({ grain }) => grain === "request");
  const bySession = new Set(requests.map(({ tool, session }) => `${session} ${tool}`));
  const byTool = new Set(requests.map(({ tool }) => tool));
  return events.filter(
    ({ grain, tool, session }) =>
      grain !== "window" ||
      !(session === NO_SESSION ? byTool.has(tool) : bySession.has(`${session} ${tool}`)),
  );
}
