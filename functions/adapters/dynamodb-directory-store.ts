import { createHash } from "node:crypto";
import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { DirectoryStore } from "../../shared/ports/directory-store.ts";
import type { UserPseudonym } from "../../shared/usage/usage-event.ts";
import { PEOPLE_PREFIX } from "./directory-keys.ts";
import { queryAll } from "./dynamodb-pages.ts";
import { inParallel } from "./in-parallel.ts";

/** Partitions of the directory. Fixed: the shard is part of a person's key. */
const SHARDS = 8;

const Text = z.object({ S: z.string() }).transform(({ S }) => S);

const StoredAssignment = z.object({
  user: Text,
  team: Text,
  costCenter: Text,
  owner: Text,
  useCase: Text,
  effectiveFrom: Text,
});
const StoredAlias = z.object({ alias: Text, person: Text });

/** Everything of an item but the subject: only whoever may re-identify people reads that. */
const PROJECTION = {
  ProjectionExpression:
    "sk, #user, team, costCenter, #owner, useCase, effectiveFrom, alias, person",
  ExpressionAttributeNames: { "#user": "user", "#owner": "owner" },
};

/**
 * The directory as items of its own table: assignments `P#<user>#<effectiveFrom>` and aliases
 * `A#<alias>`, in partitions by user and by alias. Putting the same thing again changes nothing.
 */
export function dynamoDbDirectoryStore(client: DynamoDBClient, tableName: string): DirectoryStore {
  const put = async (item: Readonly<Record<string, string>>) => {
    const Item = Object.fromEntries(Object.entries(item).map(([name, S]) => [name, { S }]));
    await client.send(new PutItemCommand({ TableName: tableName, Item }));
  };
  return {
    read: async () => {
      const shards = Array.from({ length: SHARDS }, (_, shard) => shard);
      const pages = await inParallel(shards, SHARDS, (shard) =>
        queryAll(client, {
          TableName: tableName,
          KeyConditionExpression: "pk = :pk",
          ...PROJECTION,
          ExpressionAttributeValues: { ":pk": { S: partition(shard) } },
        }),
      );
      const items = pages.flat();
      const ofKind = (prefix: string) => items.filter(({ sk }) => sk?.S?.startsWith(prefix));
      return {
        assignments: ofKind("P#").map((item) => StoredAssignment.parse(item)),
        aliases: new Map(
          ofKind("A#").map((item) => {
            const { alias, person } = StoredAlias.parse(item);
            return [alias, person];
          }),
        ),
      };
    },

    putAssignment: async (assignment, subject) => {
      const { user, team, costCenter, owner, useCase, effectiveFrom } = assignment;
      await put({
        pk: partition(shardOf(user)),
        sk: `P#${user}#${effectiveFrom}`,
        user,
        team,
        costCenter,
        owner,
        useCase,
        effectiveFrom,
        subject,
      });
    },

    putAlias: async (alias, person) => {
      await put({ pk: partition(shardOf(alias)), sk: `A#${alias}`, alias, person });
    },
  };
}

/**
 * The name that the directory has for a pseudonym. For operators only: no function's role may read
 * it.
 *
 * @returns nothing, if the directory has no line of that person.
 */
export async function directorySubject(
  client: DynamoDBClient,
  tableName: string,
  user: UserPseudonym,
): Promise<string | undefined> {
  const items = await queryAll(client, {
    TableName: tableName,
    KeyConditionExpression: "pk = :pk AND begins_with(sk, :sk)",
    ExpressionAttributeValues: {
      ":pk": { S: partition(shardOf(user)) },
      ":sk": { S: `P#${user}#` },
    },
  });
  return items.at(-1)?.["subject"]?.S;
}

function partition(shard: number): string {
  return `${PEOPLE_PREFIX}${shard}`;
}

/** Stable for ever: a function of the pseudonym alone. */
function shardOf(user: UserPseudonym): number {
  return createHash("sha256").update(user).digest().readUInt8(0) % SHARDS;
}
