import { type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { restates } from "../../shared/ledger/restates.ts";
import { isSameCallSeenTwice } from "../../shared/ledger/same-call.ts";
import {
  daySegmentsPrefix,
  type SegmentKey,
  segmentKey,
  UnreadableEntryError,
  unpackEvent,
  userMonthKey,
} from "../../shared/ledger/segment.ts";
import type { IdentityHash } from "../../shared/ports/pseudonyms.ts";
import type { AppendOutcome, UsageLedger } from "../../shared/ports/usage-ledger.ts";
import type { UsageEvent } from "../../shared/usage/usage-event.ts";
import { isConditionFailure, unavailable } from "./dynamodb-errors.ts";
import { queryAll } from "./dynamodb-pages.ts";
import { inParallel } from "./in-parallel.ts";
import {
  additionOf,
  attributesOf,
  crowdedContexts,
  type Entry,
  entryOf,
  type StoredSegment,
  updatesOf,
} from "./segment-update.ts";

const UPDATES_AT_ONCE = 16;

/**
 * The ledger as packed segments: one item a (user, session, minute), one attribute an event, added
 * by one conditional update for up to a hundred events.
 */
export function dynamoDbUsageLedger(
  client: DynamoDBClient,
  tableName: string,
  hash: IdentityHash,
): UsageLedger {
  const appendSegment = async (key: SegmentKey, entries: readonly Entry[]) => {
    const outcomes: Outcome[] = [];
    const crowded = new Set(crowdedContexts(entries, {}));
    let rest = entries;
    while (rest.length > 0) {
      const stored = await addUnlessPresent(key, rest, crowded);
      if (typeof stored === "string") {
        outcomes.push(...rest.map(stored === "added" ? committed : segmentFull));
        break;
      }
      const refusal = refusalOf(rest, stored, crowded);
      outcomes.push(...refusal.present.map((entry) => presentOutcome(entry, stored)));
      rest = rest.filter((entry) => !refusal.present.includes(entry));
      for (const context of refusal.crowded) {
        crowded.add(context);
      }
    }
    return outcomes;
  };

  const addUnlessPresent = async (
    key: SegmentKey,
    entries: readonly Entry[],
    crowded: ReadonlySet<string>,
  ): Promise<"added" | "segment-full" | StoredSegment> => {
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: { pk: { S: key.pk }, sk: { S: key.sk } },
          ...additionOf(entries, crowded),
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return "added";
    } catch (error) {
      if (isConditionFailure(error) && error.Item !== undefined) {
        return error.Item;
      }
      if (isItemTooLarge(error)) {
        return "segment-full";
      }
      throw unavailable(error);
    }
  };

  return {
    append: async (events) => {
      const { segments, settled } = intoSegments(events, hash);
      const written = await inParallel(segments, UPDATES_AT_ONCE, ({ key, entries }) =>
        appendSegment(key, entries),
      );
      const outcomes = new Map<number, AppendOutcome>([...written.flat(), ...settled]);
      return events.map((_, index) => outcomes.get(index) ?? { kind: "duplicate" });
    },

    readUserDay: async (user, day) => {
      const segments = await queryAll(client, {
        TableName: tableName,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :day)",
        ExpressionAttributeValues: {
          ":pk": { S: userMonthKey(user, day) },
          ":day": { S: daySegmentsPrefix(day) },
        },
        // A recomputation that starts after a commit has to see that commit.
        ConsistentRead: true,
      });
      return segments.flatMap(eventsOfSegment);
    },
  };
}

type Outcome = readonly [index: number, outcome: AppendOutcome];

/** Every event of a stored segment. */
export function eventsOfSegment(item: StoredSegment): readonly UsageEvent[] {
  const key = { pk: item["pk"]?.S ?? "", sk: item["sk"]?.S ?? "" };
  return Object.entries(item)
    .filter(([name]) => name.startsWith("e"))
    .map(([name, value]) =>
      unpackEvent(key, name, value.S ?? "", (contextName) => item[`c${contextName}`]?.S),
    );
}

function intoSegments(events: readonly UsageEvent[], hash: IdentityHash) {
  const segments = new Map<string, { key: SegmentKey; entries: Map<string, Entry> }>();
  const settled: Outcome[] = [];
  for (const [index, event] of events.entries()) {
    const key = segmentKey(event);
    const id = `${key.pk} ${key.sk}`;
    const segment = segments.get(id) ?? { key, entries: new Map<string, Entry>() };
    segments.set(id, segment);
    const entry = entryOf(event, index, hash);
    const earlier = segment.entries.get(entry.name);
    if (earlier === undefined) {
      segment.entries.set(entry.name, entry);
    } else {
      settled.push(presentOutcome(entry, attributesOf(earlier)));
    }
  }
  return {
    settled,
    segments: [...segments.values()].flatMap(({ key, entries }) =>
      updatesOf([...entries.values()]).map((chunk) => ({ key, entries: chunk })),
    ),
  };
}

/**
 * Why a segment refused entries, as what it held then says.
 *
 * @throws {LedgerUnavailableError} if nothing says so: to ask again would go on for ever.
 */
function refusalOf(
  entries: readonly Entry[],
  stored: StoredSegment,
  known: ReadonlySet<string>,
): { readonly present: readonly Entry[]; readonly crowded: readonly string[] } {
  const present = entries.filter(({ name }) => stored[name] !== undefined);
  const crowded = crowdedContexts(entries, stored).filter((context) => !known.has(context));
  if (present.length + crowded.length === 0) {
    throw unavailable(new Error("the segment refused entries, and holds nothing against them"));
  }
  return { present, crowded };
}

function committed({ index }: Entry): Outcome {
  return [index, { kind: "committed" }];
}

/** What to say of an event whose name is in the segment already. */
function presentOutcome(entry: Entry, stored: StoredSegment): Outcome {
  const { index, event } = entry;
  if (isRestated(entry, stored)) {
    return [index, { kind: "duplicate" }];
  }
  const detail =
    "this call is in the ledger already, with another model, tokens or cost; the first one stands";
  return [
    index,
    { kind: "quarantined", quarantined: { event, reason: "conflict", detail, index } },
  ];
}

function isRestated({ event, name }: Entry, stored: StoredSegment): boolean {
  try {
    const present = unpackEvent(
      segmentKey(event),
      name,
      stored[name]?.S ?? "",
      (contextName) => stored[`c${contextName}`]?.S,
    );
    return restates(present, event) || isSameCallSeenTwice(present, event);
  } catch (error) {
    if (error instanceof UnreadableEntryError) {
      // Nobody can say that it is the same: kept, like any other contradiction.
      return false;
    }
    throw error;
  }
}

function segmentFull({ index, event }: Entry): Outcome {
  const detail = "this session sent more calls in one minute than one ledger item can hold";
  return [
    index,
    { kind: "quarantined", quarantined: { event, reason: "segment-full", detail, index } },
  ];
}

function isItemTooLarge(error: unknown): boolean {
  return (
    error instanceof Error &&
    error.name === "ValidationException" &&
    /item size/i.test(error.message)
  );
}
