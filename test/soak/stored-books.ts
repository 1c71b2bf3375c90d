import { type AttributeValue, type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { daysBeside } from "./day-oracle.ts";
import type { Fact } from "./oracle.ts";

export type StoredItem = Readonly<Record<string, AttributeValue>>;

/** Reads the tables as they are (docs/adr/0001), past the adapters. */
export type StoredBooks = {
  readonly ledgerItems: (user: string, day: string) => Promise<readonly StoredItem[]>;
  readonly rollUpItems: (user: string, day: string) => Promise<readonly StoredItem[]>;
};

export function storedBooks(
  client: DynamoDBClient,
  tables: { readonly ledger: string; readonly insights: string },
): StoredBooks {
  return {
    ledgerItems: (user, day) =>
      query(client, tables.ledger, `U#${user}#${month(day)}`, `S#${day}#`, `S#${day}$`),
    rollUpItems: (user, day) =>
      query(
        client,
        tables.insights,
        `M#${month(day)}#${shardOf(user)}`,
        `${day}#${user}`,
        `${day}#${user}#T`,
      ),
  };
}

async function query(
  client: DynamoDBClient,
  TableName: string,
  pk: string,
  first: string,
  last: string,
): Promise<readonly StoredItem[]> {
  const items: StoredItem[] = [];
  let start: StoredItem | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: "pk = :pk AND sk BETWEEN :first AND :last",
        ExpressionAttributeValues: {
          ":pk": { S: pk },
          ":first": { S: first },
          ":last": { S: last },
        },
        ConsistentRead: true,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}

function month(day: string): string {
  return day.slice(0, 7).replace("-", "");
}

function shardOf(user: string): number {
  return [...user].reduce((sum, char) => sum + (char.codePointAt(0) ?? 0), 0) % 8;
}

const GRAINS = { r: "request", w: "window", l: "link" } as const;

/** A user's day as the ledger has it: its segments, their events, and those with the days beside it. */
export async function storedDay(
  books: StoredBooks,
  user: string,
  day: string,
): Promise<{
  readonly segments: readonly StoredItem[];
  readonly own: readonly Fact[];
  /** Every event that the day rests on: its own first. */
  readonly facts: readonly Fact[];
}> {
  const segments = await books.ledgerItems(user, day);
  const own = segments.flatMap(factsOf);
  const beside = await Promise.all(
    daysBeside(day, own).map((other) => books.ledgerItems(user, other)),
  );
  return { segments, own, facts: [...own, ...beside.flat().flatMap(factsOf)] };
}

/** Every event of a segment; the name of its attribute stands for its identity. */
export function factsOf(item: StoredItem): readonly Fact[] {
  const [, day = "", session = "", minute = ""] = (item["sk"]?.S ?? "").split("#");
  const startMs = Date.parse(`${day}T${minute.slice(0, 2)}:${minute.slice(2)}:00Z`);
  return Object.entries(item).flatMap(([name, value]) => {
    if (!name.startsWith("e")) {
      return [];
    }
    const [head = "", offset = "", ...rest] = (value.S ?? "").split("|");
    const [input, read, write5m, write1h, output, reasoning, reported, fingerprint] = rest;
    const context = (item[`c${head.slice(1)}`]?.S ?? "").split("|").map(unescaped);
    const [tool = "", provider = "", model = "", , agent, useCase, repository, branch, commit] =
      context;
    return [
      {
        identity: name,
        grain: GRAINS[head[0] as keyof typeof GRAINS],
        timeMs: startMs + count(offset),
        session: unescaped(session),
        tool,
        provider,
        model,
        tokens: {
          uncachedInput: count(input),
          cacheRead: count(read),
          cacheWrite5m: count(write5m),
          cacheWrite1h: count(write1h),
          output: count(output),
          reasoning: count(reasoning),
        },
        ...(reported ? { reportedCostNanoUsd: BigInt(Number.parseInt(reported, 36)) } : {}),
        ...given({ agent, useCase, repository, branch, commit, fingerprint }),
      },
    ];
  });
}

function count(text: string | undefined): number {
  return text ? Number.parseInt(text, 36) : 0;
}

function unescaped(text: string): string {
  return text.replaceAll("%7c", "|").replaceAll("%23", "#").replaceAll("%25", "%");
}

function given(fields: Readonly<Record<string, string | undefined>>): Partial<Fact> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value));
}
