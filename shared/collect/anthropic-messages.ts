import * as z from "zod";
import { normalisedModel } from "../usage/field-limits.ts";
import { NO_TOKENS } from "../usage/usage-event.ts";
import { anthropicBucketReport } from "./anthropic-buckets.ts";
import type { SettingsOf } from "./collector-settings.ts";
import type { CollectorSource } from "./collector-source.ts";
import { Count, CountIfGiven, NameIfGiven, rowReadings } from "./page-fields.ts";
import { statement } from "./statement.ts";

/** What is read of a result. Searches and other tools of the server are no tokens. */
const Result = z.object({
  uncached_input_tokens: Count,
  cache_read_input_tokens: Count,
  output_tokens: Count,
  cache_creation: z
    .object({ ephemeral_5m_input_tokens: CountIfGiven, ephemeral_1h_input_tokens: CountIfGiven })
    .nullish(),
  model: NameIfGiven,
  service_tier: NameIfGiven,
  context_window: NameIfGiven,
  workspace_id: NameIfGiven,
});

/**
 * Tokens of an organisation by day, model, tier and workspace, `GET
 * /v1/organizations/usage_report/messages`. It names no person and no money: the sum of a day must
 * never be priced as if it were a call, as it would reach a tier that no call reached.
 */
export const ANTHROPIC_MESSAGES: CollectorSource<SettingsOf<"anthropic-messages">> =
  anthropicBucketReport({
    step: "messages",
    path: "/v1/organizations/usage_report/messages",
    groupBy: ["workspace_id", "model", "service_tier", "context_window"],
    readResult: (result, path, day, { askedAtMs }) =>
      rowReadings(Result, result, path, (row) => [
        statement({
          provider: "anthropic",
          kind: "usage",
          day,
          asOfMs: askedAtMs,
          row: ["messages", row.workspace_id, row.model, row.service_tier, row.context_window],
          model: row.model === undefined ? undefined : normalisedModel(row.model),
          tokens: {
            ...NO_TOKENS,
            uncachedInput: row.uncached_input_tokens,
            cacheRead: row.cache_read_input_tokens,
            cacheWrite5m: row.cache_creation?.ephemeral_5m_input_tokens ?? 0,
            cacheWrite1h: row.cache_creation?.ephemeral_1h_input_tokens ?? 0,
            output: row.output_tokens,
          },
        }),
      ]),
  });
