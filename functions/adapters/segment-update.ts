import type { AttributeValue, UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import { packEvent } from "../../shared/ledger/segment.ts";
import type { IdentityHash } from "../../shared/ports/pseudonyms.ts";
import type { UsageEvent } from "../../shared/usage/usage-event.ts";

/**
 * DynamoDB takes expressions of 4 KB and 300 operators. An entry's condition takes some 30
 * characters and two operators, a context's 47 and four.
 */
const ENTRIES_PER_UPDATE = 100;
const CONTEXTS_PER_UPDATE = 20;

/** Enough to tell the few contexts of a segment apart, by chance but not by design. */
const SHORT_NAME_LENGTH = 6;

/** One event on its way into its segment. */
export type Entry = {
  readonly index: number;
  readonly event: UsageEvent;
  /** `e` and the hash of the identity: the attribute that holds it. */
  readonly name: string;
  readonly body: (contextName: string) => string;
  readonly context: string;
  /** Hash of the context. Its beginning names the context, unless another has that name. */
  readonly contextHash: string;
};

/** Attributes of a segment, as DynamoDB gives them back with a failed condition. */
export type StoredSegment = Readonly<Record<string, AttributeValue>>;

export function entryOf(event: UsageEvent, index: number, hash: IdentityHash): Entry {
  const { body, context } = packEvent(event);
  return {
    index,
    event,
    name: `e${hash(event.id)}`,
    body,
    context,
    contextHash: hash(context),
  };
}

/** Splits entries into what one update can hold. */
export function updatesOf(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const updates: Entry[][] = [];
  let contexts = new Set<string>();
  for (const entry of entries) {
    const current = updates.at(-1);
    const isNewContext = !contexts.has(entry.context);
    if (
      current === undefined ||
      current.length === ENTRIES_PER_UPDATE ||
      (isNewContext && contexts.size === CONTEXTS_PER_UPDATE)
    ) {
      updates.push([entry]);
      contexts = new Set([entry.context]);
    } else {
      current.push(entry);
      contexts.add(entry.context);
    }
  }
  return updates;
}

/**
 * The update that adds entries to a segment, on condition that none of them is there and that no
 * name of a context stands for another one: nothing that is stored ever changes.
 *
 * @param crowded Contexts whose short name is taken.
 */
export function additionOf(
  entries: readonly Entry[],
  crowded: ReadonlySet<string>,
): Pick<
  UpdateItemCommandInput,
  | "UpdateExpression"
  | "ConditionExpression"
  | "ExpressionAttributeNames"
  | "ExpressionAttributeValues"
> {
  const attributes = Object.entries(segmentAttributes(entries, crowded));
  return {
    UpdateExpression: `SET ${attributes.map((_, at) => `#${at}=:${at}`).join(",")}`,
    ConditionExpression: attributes
      .map(([name], at) =>
        name.startsWith("e")
          ? `attribute_not_exists(#${at})`
          : `(attribute_not_exists(#${at}) OR #${at} = :${at})`,
      )
      .join(" AND "),
    ExpressionAttributeNames: Object.fromEntries(attributes.map(([name], at) => [`#${at}`, name])),
    ExpressionAttributeValues: Object.fromEntries(
      attributes.map(([, value], at) => [`:${at}`, value]),
    ),
  };
}

/** Contexts whose short name stands for another context, in the segment or among the entries. */
export function crowdedContexts(
  entries: readonly Entry[],
  stored: StoredSegment,
): readonly string[] {
  const byName = new Map<string, string>();
  return entries.flatMap((entry) => {
    const name = `c${contextName(entry, new Set())}`;
    const holder = stored[name]?.S ?? byName.get(name) ?? entry.context;
    byName.set(name, holder);
    return holder === entry.context ? [] : [entry.context];
  });
}

function segmentAttributes(
  entries: readonly Entry[],
  crowded: ReadonlySet<string>,
): Record<string, AttributeValue> {
  const named = entries.map((entry) => ({ ...entry, inContext: contextName(entry, crowded) }));
  return Object.fromEntries([
    ...named.map(({ name, body, inContext }) => [name, { S: body(inContext) }] as const),
    ...named.map(({ context, inContext }) => [`c${inContext}`, { S: context }] as const),
  ]);
}

function contextName({ context, contextHash }: Entry, crowded: ReadonlySet<string>): string {
  return crowded.has(context) ? contextHash : contextHash.slice(0, SHORT_NAME_LENGTH);
}
