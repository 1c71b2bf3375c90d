import * as z from "zod";
import type { Day } from "../ledger/roll-ups.ts";
import type { CollectTask, ReadContext, RowReading } from "./collector-source.ts";
import { dayOfBucket, unixSeconds } from "./days.ts";
import { NameIfGiven, pageOf, rowReadings } from "./page-fields.ts";

/** An admin key of the organisation. */
export function openaiCredentials(secret: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${secret.trim()}` };
}

const Page = z.object({
  data: z.array(z.unknown()),
  has_more: z.boolean(),
  next_page: NameIfGiven,
});

const Bucket = z.object({
  start_time: z.int("must be seconds since 1970"),
  results: z.array(z.unknown()),
});

/** The query of a span of days, in buckets of a day. */
export function openaiDays(
  { from, to, page }: CollectTask,
  limit: number,
  groupBy: readonly string[],
): readonly (readonly [string, string])[] {
  return [
    ["start_time", unixSeconds(from)],
    ["end_time", unixSeconds(to)],
    ["bucket_width", "1d"],
    ["limit", String(limit)],
    ...groupBy.map((key) => ["group_by[]", key] as const),
    ...(page === undefined ? [] : [["page", page] as const]),
  ];
}

const Kind = z.object({ object: z.string() });

/**
 * Reads a page of buckets. A bucket may hold results of other kinds than the one that is asked for:
 * they are counted, and left.
 */
export function openaiBuckets(
  task: CollectTask,
  text: string,
  kind: string,
  readResult: (result: unknown, path: string, day: Day) => readonly RowReading[],
) {
  const page = pageOf(Page, task.step, text);
  const { next_page } = page;
  const readOne = (result: unknown, path: string, day: Day) =>
    rowReadings(Kind, result, path, ({ object }) =>
      object === kind ? readResult(result, path, day) : [{ kind: "ignored", name: "other-result" }],
    );
  return {
    rows: page.data.flatMap((bucket, at) =>
      rowReadings(Bucket, bucket, `data[${at}]`, ({ start_time, results }) => {
        const day = dayOfBucket(start_time * 1000);
        return day === undefined
          ? [notADay(`data[${at}].start_time`)]
          : results.flatMap((result, n) => readOne(result, `data[${at}].results[${n}]`, day));
      }),
    ),
    next: page.has_more && next_page !== undefined ? [{ ...task, page: next_page }] : [],
  };
}

function notADay(path: string): RowReading {
  return { kind: "rejected", path, message: "must be the start of a UTC day" };
}

const People = z.object({
  data: z.array(z.unknown()),
  has_more: z.boolean(),
  last_id: NameIfGiven,
});
const Person = z.object({ id: z.string().min(1), email: z.string().min(3) });

export const PEOPLE_STEP = "people";

/** Reads a page of the organisation's people: their e-mail addresses by the ids that reports have. */
export function openaiPeople(task: CollectTask, text: string) {
  const page = pageOf(People, PEOPLE_STEP, text);
  const people = page.data.flatMap((person) => {
    const read = Person.safeParse(person);
    return read.success ? [[read.data.id, read.data.email] as const] : [];
  });
  const { last_id } = page;
  return {
    rows: [],
    people: new Map(people),
    next: page.has_more && last_id !== undefined ? [{ ...task, page: last_id }] : [],
  };
}

/** The subject of an id: the e-mail address where the organisation still has it. */
export function openaiSubject(id: string, { people }: ReadContext): string {
  return people.get(id)?.trim().toLowerCase() ?? `openai:${id}`;
}
