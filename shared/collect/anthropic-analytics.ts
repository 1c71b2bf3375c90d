import * as z from "zod";
import { normalisedModel } from "../usage/field-limits.ts";
import {
  AnthropicActor,
  AnthropicPage,
  anthropicCredentials,
  anthropicSubject,
  nextAnthropicPage,
} from "./anthropic-api.ts";
import type { CollectorSettings, SettingsOf } from "./collector-settings.ts";
import type { CollectorSource, RowReading } from "./collector-source.ts";
import { dayRow } from "./day-row.ts";
import { dayOfBucket, rfc3339, spanTasks } from "./days.ts";
import { Cents, Count, NameIfGiven, pageOf, rowReadings } from "./page-fields.ts";

const STEP = "analytics";
/** Most days that one request may ask for. */
const MOST_DAYS = 31;
/**
 * No group by `rbac_group_id`: a person is in several groups, and the rows would come to more than
 * was spent.
 */
const GROUP_BY = ["actor", "product", "model"] as const;

const Page = AnthropicPage.extend({ data_refreshed_at: z.iso.datetime().nullish() });

const Row = z.object({
  starting_at: z.iso.datetime("must be a time in RFC 3339"),
  group: z.object({
    actor: AnthropicActor.nullish(),
    product: NameIfGiven,
    model: NameIfGiven,
    organization_id: NameIfGiven,
  }),
  cost: z.object({
    amount: Cents,
    currency: z.literal("USD", "must be USD"),
    requests: Count.nullish(),
  }),
});
type Row = z.infer<typeof Row>;

/**
 * What each person cost by day, product and model, `GET /v1/organizations/analytics/cost`: fractional
 * cents as decimal texts. Rows of keys and services name no person: the cost report has their money.
 */
export const ANTHROPIC_ANALYTICS: CollectorSource<SettingsOf<"anthropic-analytics">> = {
  credentials: anthropicCredentials,
  plan: (days) => spanTasks(STEP, days, MOST_DAYS),
  request: ({ from, to, page }) => ({
    method: "GET",
    path: "/v1/organizations/analytics/cost",
    query: [
      ["starting_at", rfc3339(from)],
      ["ending_at", rfc3339(to)],
      ["time_bucket_width", "1d"],
      ["limit", "1000"],
      ...GROUP_BY.map((key) => ["group_by[]", key] as const),
      ...(page === undefined ? [] : [["page", page] as const]),
    ],
  }),
  read: (task, text, { askedAtMs }, { leaveOut }) => {
    const page = pageOf(Page, STEP, text);
    const refreshedAtMs = page.data_refreshed_at ? Date.parse(page.data_refreshed_at) : undefined;
    return {
      rows: page.data.flatMap((row, at) =>
        rowReadings(Row, row, `data[${at}]`, (read) => [
          leaveOut.includes(read.group.product ?? "")
            ? { kind: "ignored", name: "left-out" }
            : costOf(read, `data[${at}]`, refreshedAtMs ?? askedAtMs),
        ]),
      ),
      next: nextAnthropicPage(task, page),
      ...(refreshedAtMs === undefined ? {} : { refreshedAtMs }),
    };
  },
};

function costOf({ starting_at, group, cost }: Row, path: string, asOfMs: number): RowReading {
  const day = dayOfBucket(Date.parse(starting_at));
  if (day === undefined) {
    const message = "must be the start of a UTC day";
    return { kind: "rejected", path: `${path}.starting_at`, message };
  }
  if (group.actor?.type !== "user_actor") {
    return { kind: "ignored", name: "no-person" };
  }
  const subject = anthropicSubject(group.actor);
  const model = group.model === undefined ? "-" : normalisedModel(group.model);
  return dayRow({
    row: ["anthropic:analytics-cost", group.organization_id, subject, group.product, model],
    day,
    asOfMs,
    subject,
    tool: toolOf(group.product),
    provider: "anthropic",
    model,
    calls: cost.requests ?? undefined,
    reportedCostNanoUsd: cost.amount,
  });
}

/** As telemetry names the tools: `claude_code` is `claude-code`. No product is the API itself. */
function toolOf(product: string | undefined): string {
  return product === undefined ? "anthropic-api" : product.toLowerCase().replaceAll("_", "-");
}

/** Whether two collectors would book Claude Code for the same people, and their rows would add up. */
export function bookClaudeCodeTwice(collectors: readonly CollectorSettings[]): boolean {
  return (
    collectors.some(({ source }) => source === "anthropic-claude-code") &&
    collectors.some(
      (collector) =>
        collector.source === "anthropic-analytics" && !collector.leaveOut.includes("claude_code"),
    )
  );
}
