import {
  type AttributeValue,
  type DynamoDBClient,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  daySegmentsPrefix,
  packEvent,
  type SegmentKey,
  segmentKey,
  unpackEvent,
  userMonthKey,
} from "../../shared/ledger/segment.ts";
import type { IdentityHash } from "../../shared/ports/pseudonyms.ts";
import type { AppendOutcome, UsageLedger } from "../../shared/ports/usage-ledger.ts";
import type { UsageEvent } from "../../shared/usage/usage-event.ts";
import { isConditionFailure, unavailable } from "./dynamodb-errors.ts";
import { queryAll } from "./dynamodb-pages.ts";
import { inParallel } from "./in-parallel.ts";

/** DynamoDB takes expressions of 4 KB: some 130 `attribute_not_exists`, less what contexts need. */
const ENTRIES_PER_UPDATE = 100;
const UPDATES_AT_ONCE = 16;
const CONTEXT_NAME_LENGTH = 6;

/** One event on its way into its segment. */
type Entry = {
  readonly index: number;
  readonly event: UsageEvent;
  /** `e` and the hash of the identity: the attribute that holds it. */
  readonly name: string;
  readonly body: string;
  readonly contextName: string;
  readonly context: string;
};

/** Old attributes of a segment, as DynamoDB gives them back with a failed condition. */
type StoredSegment = Readonly<Record<string, AttributeValue>>;

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
    let rest = entries;
    while (rest.length > 0) {
      const stored = await addUnlessPresent(key, rest);
      if (stored === "added") {
        outcomes.push(...rest.map(({ index }) => [index, { kind: "committed" }] as const));
        break;
      }
      if (stored === "segment-full") {
        outcomes.push(...rest.map(segmentFull));
        break;
      }
      outcomes.push(...rest.flatMap((entry) => presentOutcome(entry, stored)));
      rest = rest.filter((entry) => stored[entry.name] === undefined);
    }
    return outcomes;
  };

  const addUnlessPresent = async (
    key: SegmentKey,
    entries: readonly Entry[],
  ): Promise<"added" | "segment-full" | StoredSegment> => {
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: { pk: { S: key.pk }, sk: { S: key.sk } },
          ...additionOf(entries),
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
      settled.push(...presentOutcome(entry, { [earlier.name]: { S: earlier.body } }));
    }
  }
  return {
    settled,
    segments: [...segments.values()].flatMap(({ key, entries }) =>
      inChunks([...entries.values()]).map((chunk) => ({ key, entries: chunk })),
    ),
  };
}

function entryOf(event: UsageEvent, index: number, hash: IdentityHash): Entry {
  const packed = packEvent(event);
  const contextName = hash(packed.context).slice(0, CONTEXT_NAME_LENGTH);
  return {
    index,
    event,
    name: `e${hash(event.id)}`,
    body: packed.body(contextName),
    contextName,
    context: packed.context,
  };
}

function inChunks(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const chunks: (readonly Entry[])[] = [];
  for (let at = 0; at < entries.length; at += ENTRIES_PER_UPDATE) {
    chunks.push(entries.slice(at, at + ENTRIES_PER_UPDATE));
  }
  return chunks;
}

function additionOf(entries: readonly Entry[]) {
  const contexts = [
    ...new Map(entries.map(({ contextName, context }) => [`c${contextName}`, context])),
  ];
  const attributes = [...entries.map(({ name, body }) => [name, body] as const), ...contexts];
  return {
    UpdateExpression: `SET ${attributes.map((_, at) => `#${at}=:${at}`).join(",")}`,
    ConditionExpression: entries.map((_, at) => `attribute_not_exists(#${at})`).join(" AND "),
    ExpressionAttributeNames: Object.fromEntries(attributes.map(([name], at) => [`#${at}`, name])),
    ExpressionAttributeValues: Object.fromEntries(
      attributes.map(([, value], at) => [`:${at}`, { S: value }]),
    ),
  };
}

/** What to say of an event whose name is in the segment already; nothing if it is not. */
function presentOutcome({ index, event, name, body }: Entry, stored: StoredSegment): Outcome[] {
  const present = stored[name]?.S;
  if (present === undefined) {
    return [];
  }
  return present === body
    ? [[index, { kind: "duplicate" }]]
    : [
        [
          index,
          {
            kind: "quarantined",
            quarantined: {
              event,
              reason: "conflict",
              detail:
                "this call is in the ledger already, with other content; the first one stands",
              index,
            },
          },
        ],
      ];
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
