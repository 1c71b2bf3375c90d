import { identityHash } from "../../functions/adapters/pseudonyms.ts";
import { placedIn } from "../../functions/adapters/segment-answers.ts";
import { entryOf } from "../../functions/adapters/segment-update.ts";
import type { Day } from "../../shared/ledger/roll-ups.ts";
import { segmentKey } from "../../shared/ledger/segment.ts";
import type { UsageEvent } from "../../shared/usage/usage-event.ts";
import type { RejectedLine } from "./line-tally.ts";
import type { UsageOfDay } from "./replay.ts";

/** An event, and the line that it comes from. */
export type PlacedEvent = { readonly event: UsageEvent; readonly line: number };

export type OnceInLedger = {
  readonly byDay: Map<Day, UsageOfDay>;
  readonly duplicates: number;
  readonly conflicts: readonly RejectedLine[];
};

/**
 * What the ledger would hold of events that were all sent to it, by the ledger's own rules: one that is
 * there already is a duplicate, or contradicts what is there. Of two that contradict each other, the
 * first line stands.
 *
 * @param places By day and user, in order of the lines. Emptied as it goes: a million events are large.
 */
export function onceInLedger(
  places: Map<Day, Map<string, PlacedEvent[]>>,
  file: string,
): OnceInLedger {
  const byDay = new Map<Day, UsageOfDay>();
  const conflicts: RejectedLine[] = [];
  let duplicates = 0;
  for (const day of [...places.keys()].sort()) {
    const users = new Map<string, readonly UsageEvent[]>();
    for (const [user, placed] of places.get(day) ?? []) {
      const settled = settle(placed, file);
      users.set(user, settled.events);
      duplicates += settled.duplicates;
      conflicts.push(...settled.conflicts);
    }
    byDay.set(day, users);
    places.delete(day);
  }
  return { byDay, duplicates, conflicts };
}

function settle(placed: readonly PlacedEvent[], file: string) {
  const byIdentity = Map.groupBy(placed, ({ event }) => event.id);
  const repeated = [...byIdentity.values()].filter((group) => group.length > 1);
  const again = repeated.flatMap((group) =>
    [...Map.groupBy(group, ({ event }) => segmentKey(event).sk).values()].map((sightings) =>
      settleSightings(sightings, file),
    ),
  );
  const conflicts = again.flatMap((each) => each.conflicts);
  const kept = again.flatMap((each) => each.kept);
  const once = [...byIdentity.values()].flatMap(([only, ...others]) =>
    only === undefined || others.length > 0 ? [] : [only.event],
  );
  return {
    events: [...once, ...kept],
    conflicts,
    duplicates: again.reduce((sum, each) => sum + each.duplicates, 0),
  };
}

/** Lines of one identity, session and minute: one place in the ledger. */
function settleSightings(sightings: readonly PlacedEvent[], file: string) {
  const entries = sightings.map(({ event }, index) => entryOf(event, index, identityHash));
  const { placed, settled } = placedIn({}, entries);
  const conflicts = settled.flatMap(([index, outcome]): readonly RejectedLine[] =>
    outcome.kind === "quarantined"
      ? [
          {
            file,
            line: sightings[index]?.line ?? 0,
            path: "id",
            message:
              "another line has this id, with another model, tokens or cost; the first one stands",
          },
        ]
      : [],
  );
  return {
    kept: placed.map(({ event }) => event),
    conflicts,
    // What only adds to a call that is there already adds no call.
    duplicates: sightings.length - conflicts.length - 1,
  };
}
