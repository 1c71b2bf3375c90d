import * as z from "zod";
import { dayOf } from "../ledger/calendar.ts";
import { EARLIEST_TIME_MS, normalisedModel } from "../usage/field-limits.ts";
import type { Reading } from "../usage/reading.ts";
import { NO_TOKENS } from "../usage/usage-event.ts";
import {
  AnthropicActor,
  AnthropicPage,
  anthropicCredentials,
  anthropicSubject,
  nextAnthropicPage,
} from "./anthropic-api.ts";
import type { SettingsOf } from "./collector-settings.ts";
import type { CollectorSource, ReadContext } from "./collector-source.ts";
import { dayRow } from "./day-row.ts";
import { dayTasks } from "./days.ts";
import { Cents, Count, Name, NameIfGiven, pageOf, rowReadings } from "./page-fields.ts";

const STEP = "claude-code";
const TIME_MESSAGE = "must be a time after 2020 in RFC 3339";

/** What is read of a row; `core_metrics` and `tool_actions` are no spend, and are dropped. */
const Row = z.object({
  date: z.iso
    .datetime(TIME_MESSAGE)
    .refine((time) => Date.parse(time) >= EARLIEST_TIME_MS, TIME_MESSAGE),
  actor: AnthropicActor,
  organization_id: NameIfGiven,
  customer_type: NameIfGiven,
  terminal_type: NameIfGiven,
  model_breakdown: z.array(
    z.object({
      model: Name,
      tokens: z.object({ input: Count, output: Count, cache_read: Count, cache_creation: Count }),
      estimated_cost: z
        .object({ currency: z.literal("USD", "must be USD"), amount: Cents })
        .nullish(),
    }),
  ),
});

/**
 * Claude Code usage of an organisation by person and day, `GET
 * /v1/organizations/usage_report/claude_code`: one UTC day a request, estimated cost in cents. A
 * person has a row for each terminal and kind of customer. Calls by way of Bedrock or Vertex are
 * not in it.
 */
export const ANTHROPIC_CLAUDE_CODE: CollectorSource<SettingsOf<"anthropic-claude-code">> = {
  credentials: anthropicCredentials,
  plan: (days) => dayTasks(STEP, days),
  request: ({ from, page }) => ({
    method: "GET",
    path: "/v1/organizations/usage_report/claude_code",
    query: [
      ["starting_at", from],
      ["limit", "1000"],
      ...(page === undefined ? [] : [["page", page] as const]),
    ],
  }),
  read: (task, text, context, { machineKeys }) => {
    const page = pageOf(AnthropicPage, STEP, text);
    return {
      rows: page.data.flatMap((row, at) =>
        rowReadings(Row, row, `data[${at}]`, (read) =>
          read.actor.type === "api_actor" && !machineKeys
            ? [{ kind: "ignored", name: "machine-key" }]
            : usageOf(read, context),
        ),
      ),
      next: nextAnthropicPage(task, page),
    };
  },
};

function usageOf(row: z.infer<typeof Row>, { askedAtMs }: ReadContext): readonly Reading[] {
  const subject = anthropicSubject(row.actor);
  return row.model_breakdown.map(({ model, tokens, estimated_cost }) =>
    dayRow({
      row: [
        "anthropic:claude-code",
        row.organization_id,
        subject,
        row.terminal_type,
        row.customer_type,
        model,
      ],
      day: dayOf(Date.parse(row.date)),
      asOfMs: askedAtMs,
      subject,
      tool: "claude-code",
      provider: "anthropic",
      model: normalisedModel(model),
      tokens: {
        ...NO_TOKENS,
        uncachedInput: tokens.input,
        output: tokens.output,
        cacheRead: tokens.cache_read,
        // The report does not say for how long; the price of a row is its own estimate anyway.
        cacheWrite5m: tokens.cache_creation,
      },
      reportedCostNanoUsd: estimated_cost?.amount,
    }),
  );
}
