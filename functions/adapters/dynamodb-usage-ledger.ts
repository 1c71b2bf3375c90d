import { type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import {
  daySegmentsPrefix,
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
import { added, identityIn, type Outcome, placedIn, segmentFull } from "./segment-answers.ts";
import {
  additionOf,
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
        outcomes.push(...rest.map(stored === "added" ? added : segmentFull));
        break;
      }
      const refusal = refusalOf(rest, stored, crowded);
      const { placed, settled } = placedIn(stored, refusal.present);
      outcomes.push(...settled);
      rest = [...rest.filter((entry) => !refusal.present.includes(entry)), ...placed];
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

/** Every event of a stored segment. */
export function eventsOfSegment(item: StoredSegment): readonly UsageEvent[] {
  const key = { pk: item["pk"]?.S ?? "", sk: item["sk"]?.S ?? "" };
  return Object.entries(item)
    .filter(([name]) => name.startsWith("e"))
    .map(([name, value]) =>
      unpackEvent(
        key,
        identityIn(name),
        value.S ?? "",
        (contextName) => item[`c${contextName}`]?.S,
      ),
    );
}

function intoSegments(events: readonly UsageEvent[], hash: IdentityHash) {
  const located = events.map((event, index) => ({ index, event, key: segmentKey(event) }));
  const bySegment = Map.groupBy(located, ({ key }) => `${key.pk} ${key.sk}`);
  const segments = [...bySegment.values()].flatMap((group) => {
    const entries = group.map(({ event, index }) => entryOf(event, index, hash));
    return group.slice(0, 1).map(({ key }) => ({ key, ...placedIn({}, entries) }));
  });
  return {
    settled: segments.flatMap(({ settled }) => settled),
    segments: segments.flatMap(({ key, placed }) =>
      updatesOf(placed).map((entries) => ({ key, entries })),
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
  const present = entries.filter(({ name }) => stored[identityIn(name)] !== undefined);
  const crowded = crowdedContexts(entries, stored).filter((context) => !known.has(context));
  if (present.length + crowded.length === 0) {
    throw unavailable(new Error("the segment refused entries, and holds nothing against them"));
  }
  return { present, crowded };
}

function isItemTooLarge(error: unknown): boolean {
  return (
    error instanceof Error &&
    error.name === "ValidationException" &&
    /item size/i.test(error.message)
  );
}
