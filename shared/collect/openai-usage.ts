import * as z from "zod";
import type { Day } from "../ledger/roll-ups.ts";
import { normalisedModel } from "../usage/field-limits.ts";
import { givenFields } from "../usage/given-fields.ts";
import { disjointTokens } from "../usage/inclusive-usage.ts";
import { InvalidFieldError } from "../usage/reading.ts";
import type { TokenBuckets } from "../usage/usage-event.ts";
import type { SettingsOf } from "./collector-settings.ts";
import type { CollectorSource, ReadContext, RowReading } from "./collector-source.ts";
import { dayRow } from "./day-row.ts";
import { spanTasks } from "./days.ts";
import {
  openaiBuckets,
  openaiCredentials,
  openaiDays,
  openaiPeople,
  openaiSubject,
  PEOPLE_STEP,
} from "./openai-api.ts";
import { Count, CountIfGiven, NameIfGiven, rowReadings } from "./page-fields.ts";
import { statement } from "./statement.ts";

const STEP = "completions";
const MOST_DAYS = 31;
const GROUP_BY = ["user_id", "model", "batch", "service_tier"] as const;
const TIERS: ReadonlySet<string> = new Set(["flex", "priority"]);

const Result = z.object({
  input_tokens: Count,
  input_cached_tokens: CountIfGiven,
  input_cache_write_tokens: CountIfGiven,
  output_tokens: Count,
  num_model_requests: CountIfGiven,
  user_id: NameIfGiven,
  model: NameIfGiven,
  batch: z.boolean().nullish(),
  service_tier: NameIfGiven,
});
type Result = z.infer<typeof Result>;

/**
 * Tokens of an organisation by day, person, model and tier, `GET
 * /v1/organization/usage/completions`. The input includes what was read from and written to the
 * cache. All of it is stated, as the day's usage of the provider; what a person is named for is that
 * person's day too. It says no money: a row with its number of requests can be priced as calls of
 * the average size.
 */
export const OPENAI_USAGE: CollectorSource<SettingsOf<"openai-usage">> = {
  credentials: openaiCredentials,
  peopleTasks: () => [{ step: PEOPLE_STEP, from: "", to: "" }],
  plan: (days) => spanTasks(STEP, days, MOST_DAYS),
  request: (task) =>
    task.step === PEOPLE_STEP
      ? {
          method: "GET",
          path: "/organization/users",
          query: [
            ["limit", "100"],
            ...(task.page === undefined ? [] : [["after", task.page] as const]),
          ],
        }
      : {
          method: "GET",
          path: "/organization/usage/completions",
          query: openaiDays(task, MOST_DAYS, GROUP_BY),
        },
  read: (task, text, context, { tool }) =>
    task.step === PEOPLE_STEP
      ? openaiPeople(task, text)
      : openaiBuckets(task, text, "organization.usage.completions.result", (result, path, day) =>
          rowReadings(Result, result, path, (row) => readUsage(row, path, day, tool, context)),
        ),
};

function readUsage(
  row: Result,
  path: string,
  day: Day,
  tool: string,
  context: ReadContext,
): readonly RowReading[] {
  try {
    const tokens = tokensOf(row, path);
    const usage = usageOf(row, day, tokens, tool, context);
    return [statementOf(row, day, tokens, context), ...(usage === undefined ? [] : [usage])];
  } catch (error) {
    if (error instanceof InvalidFieldError) {
      return [{ kind: "rejected", path: error.path, message: error.message }];
    }
    throw error;
  }
}

function tokensOf(row: Result, path: string): TokenBuckets {
  return disjointTokens({
    input: { count: row.input_tokens, path: `${path}.input_tokens` },
    output: { count: row.output_tokens, path: `${path}.output_tokens` },
    cacheRead: row.input_cached_tokens,
    cacheWrite: row.input_cache_write_tokens,
    reasoning: 0,
  });
}

function keysOf({ model, batch, service_tier }: Result) {
  return [model, batch === true ? "batch" : undefined, service_tier];
}

function statementOf(
  row: Result,
  day: Day,
  tokens: TokenBuckets,
  { askedAtMs, hash }: ReadContext,
): RowReading {
  const user = row.user_id === undefined ? undefined : hash(row.user_id);
  return statement({
    provider: "openai",
    kind: "usage",
    day,
    asOfMs: askedAtMs,
    row: ["completions", user, ...keysOf(row)],
    model: row.model === undefined ? undefined : normalisedModel(row.model),
    tokens,
    calls: row.num_model_requests,
  });
}

function usageOf(
  row: Result,
  day: Day,
  tokens: TokenBuckets,
  tool: string,
  context: ReadContext,
): RowReading | undefined {
  const { user_id, model, batch, service_tier = "" } = row;
  if (user_id === undefined) {
    return undefined;
  }
  const priced = TIERS.has(service_tier) ? service_tier : undefined;
  return dayRow({
    row: ["openai:completions", user_id, ...keysOf(row)],
    day,
    asOfMs: context.askedAtMs,
    subject: openaiSubject(user_id, context),
    tool,
    provider: "openai",
    model: model === undefined ? "-" : normalisedModel(model),
    tokens,
    calls: row.num_model_requests,
    ...givenFields({ tier: batch === true ? "batch" : priced }),
  });
}
