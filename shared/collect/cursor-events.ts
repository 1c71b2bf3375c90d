import * as z from "zod";
import { compareText } from "../compare-text.ts";
import { normalisedSubject } from "../directory/subject.ts";
import { addDays, dayOf, startOfDay } from "../ledger/calendar.ts";
import type { NanoUsd } from "../money/nano-usd.ts";
import { EARLIEST_TIME_MS, normalisedModel } from "../usage/field-limits.ts";
import { givenFields } from "../usage/given-fields.ts";
import { NO_TOKENS, type SentUsage } from "../usage/usage-event.ts";
import type { SettingsOf } from "./collector-settings.ts";
import type { CollectorSource, ReadContext, RowReading } from "./collector-source.ts";
import { beginAnew, type CursorPlace, isShifted, nextCursorPage, placeOf } from "./cursor-page.ts";
import { dayTasks } from "./days.ts";
import {
  Cents,
  Count,
  CountIfGiven,
  Name,
  NameIfGiven,
  pageOf,
  rowReadings,
} from "./page-fields.ts";

const STEP = "usage-events";
const MEMBERS = "members";
const PAGE_SIZE = 500;
/** Cursor answers 20 requests a minute. */
const MIN_INTERVAL_MS = 3_100;

const TIME_MESSAGE = "must be milliseconds since 1970, and after 2020";
const LATEST_TIME_MS = Date.UTC(9999, 11, 31);

const Page = z.object({
  totalUsageEventsCount: Count,
  pagination: z.object({ hasNextPage: z.boolean() }),
  usageEvents: z.array(z.unknown()),
});

const Event = z.object({
  timestamp: z.coerce
    .number(TIME_MESSAGE)
    .int(TIME_MESSAGE)
    .min(EARLIEST_TIME_MS, TIME_MESSAGE)
    .max(LATEST_TIME_MS, TIME_MESSAGE),
  model: Name,
  kind: NameIfGiven,
  tokenUsage: z
    .object({
      inputTokens: CountIfGiven,
      outputTokens: CountIfGiven,
      cacheWriteTokens: CountIfGiven,
      cacheReadTokens: CountIfGiven,
      totalCents: Cents.nullish(),
    })
    .nullish(),
  chargedCents: Cents.nullish(),
  isFreeBugbot: z.boolean().nullish(),
  conversationId: NameIfGiven,
  userEmail: NameIfGiven,
});
type Event = z.infer<typeof Event>;

/** Kinds of calls that cost nothing beyond the plan, and that Cursor gives no cents for. */
const FREE = /included|not charged|free/i;

/**
 * Every call of a team, `POST /teams/filtered-usage-events` of Cursor's Admin API. Cursor corrects
 * events, and gives them no id: each is a row that replaces what the same row said before, named by
 * person, time, model and conversation.
 *
 * As calls (`grain: "request"`), or as parts of a day (`grain: "day"`) beside the calls that Cursor's
 * telemetry brings: nothing says which of the two are the same. Then each person goes by the number
 * that the telemetry names them by, so that the one is not added to the other.
 */
export const CURSOR_EVENTS: CollectorSource<SettingsOf<"cursor-events">> = {
  credentials: (secret) => ({ authorization: `Basic ${btoa(`${secret.trim()}:`)}` }),
  minIntervalMs: MIN_INTERVAL_MS,
  peopleTasks: ({ grain }) => (grain === "day" ? [{ step: MEMBERS, from: "", to: "" }] : []),
  plan: (days) => dayTasks(STEP, days),
  request: (task) =>
    task.step === MEMBERS
      ? { method: "GET", path: "/teams/members" }
      : {
          method: "POST",
          path: "/teams/filtered-usage-events",
          body: {
            startDate: startOfDay(task.from),
            endDate: startOfDay(addDays(task.from, 1)) - 1,
            page: placeOf(task).page,
            pageSize: PAGE_SIZE,
          },
        },
  read: (task, text, context, { grain }) => {
    if (task.step === MEMBERS) {
      return { rows: [], next: [], people: membersOf(text) };
    }
    const page = pageOf(Page, STEP, text);
    const place = placeOf(task);
    const total = page.totalUsageEventsCount;
    if (isShifted(place, total)) {
      return { rows: [], next: [beginAnew(task, place)] };
    }
    const { rows, alike } = readEvents(page.usageEvents, place.alike, grain, context);
    return {
      rows,
      next: page.pagination.hasNextPage ? [nextCursorPage(task, place, total, alike)] : [],
    };
  },
};

const Members = z.object({ teamMembers: z.array(z.unknown()) });
const Member = z.object({
  email: z.string().min(3),
  id: z.union([z.int(), z.string().regex(/^\d{1,20}$/)]),
});

/** Members by their e-mail address, under the number that the telemetry has for them. */
function membersOf(text: string): ReadonlyMap<string, string> {
  const members = pageOf(Members, MEMBERS, text).teamMembers.flatMap((member) => {
    const { data } = Member.safeParse(member);
    return data === undefined
      ? []
      : [[normalisedSubject(data.email), `cursor:${data.id}`] as const];
  });
  return new Map(members);
}

/** Reads a page's events. Alike ones are counted through, in an order that does not depend on the page's. */
function readEvents(
  events: readonly unknown[],
  carried: CursorPlace["alike"],
  grain: "request" | "day",
  context: ReadContext,
) {
  const rejected: RowReading[] = [];
  const read: Event[] = [];
  for (const [at, event] of events.entries()) {
    const taken = (row: Event) => {
      read.push(row);
      return [];
    };
    rejected.push(...rowReadings(Event, event, `usageEvents[${at}]`, taken));
  }
  const groups = Map.groupBy(read, keyOf);
  const lastMs = read.at(-1)?.timestamp;
  const alike: CursorPlace["alike"] = {};
  const rows = [...groups].flatMap(([key, group]) => {
    const before = carried[context.hash(key)] ?? 0;
    if (group[0]?.timestamp === lastMs) {
      alike[context.hash(key)] = before + group.length;
    }
    return group
      .toSorted((a, b) => compareText(contentOf(a), contentOf(b)))
      .map((event, at) => usageOf(event, [key, before + at], grain, context));
  });
  return { rows: [...rejected, ...rows], alike };
}

/** What tells an event apart, and is not corrected. */
function keyOf({ userEmail, timestamp, model, conversationId }: Event): string {
  return JSON.stringify([userEmail ?? null, timestamp, model, conversationId ?? null]);
}

function contentOf({ tokenUsage, chargedCents, kind }: Event): string {
  return JSON.stringify([tokenUsage, chargedCents, kind], (_, value) =>
    typeof value === "bigint" ? String(value) : value,
  );
}

function usageOf(
  event: Event,
  name: readonly [key: string, ordinal: number],
  grain: "request" | "day",
  { askedAtMs, people }: ReadContext,
): RowReading {
  const of = JSON.stringify(["cursor:usage-events", ...name]);
  const { tokenUsage, userEmail, timestamp } = event;
  const email = userEmail === undefined ? undefined : normalisedSubject(userEmail);
  const place: Pick<SentUsage, "timeMs" | "session"> =
    grain === "request"
      ? { timeMs: timestamp, session: event.conversationId ?? "-" }
      : { timeMs: startOfDay(dayOf(timestamp)), session: "-" };
  return {
    kind: "accepted",
    event: {
      ...place,
      id: `${of}@${askedAtMs}`,
      revision: { of, asOfMs: askedAtMs },
      grain,
      tool: "cursor",
      provider: "cursor",
      model: normalisedModel(event.model),
      tokens: {
        ...NO_TOKENS,
        uncachedInput: tokenUsage?.inputTokens ?? 0,
        output: tokenUsage?.outputTokens ?? 0,
        cacheRead: tokenUsage?.cacheReadTokens ?? 0,
        cacheWrite5m: tokenUsage?.cacheWriteTokens ?? 0,
      },
      ...(grain === "day" ? { calls: 1 } : {}),
      ...givenFields({
        subject: people.get(email ?? "") ?? email,
        reportedCostNanoUsd: costOf(event),
      }),
    },
  };
}

/** What the tokens are worth, also where the plan includes them; else what is charged. */
function costOf({ tokenUsage, chargedCents, kind, isFreeBugbot }: Event): NanoUsd | undefined {
  const isFree = isFreeBugbot === true || FREE.test(kind ?? "");
  return tokenUsage?.totalCents ?? chargedCents ?? (isFree ? 0n : undefined);
}
