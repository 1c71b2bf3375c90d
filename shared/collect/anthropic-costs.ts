import * as z from "zod";
import { normalisedModel } from "../usage/field-limits.ts";
import { anthropicBucketReport } from "./anthropic-buckets.ts";
import type { SettingsOf } from "./collector-settings.ts";
import type { CollectorSource } from "./collector-source.ts";
import { Cents, NameIfGiven, rowReadings } from "./page-fields.ts";
import { statement } from "./statement.ts";

const Result = z.object({
  currency: z.literal("USD", "must be USD"),
  amount: Cents,
  workspace_id: NameIfGiven,
  description: NameIfGiven,
  cost_type: NameIfGiven,
  token_type: NameIfGiven,
  model: NameIfGiven,
  context_window: NameIfGiven,
  service_tier: NameIfGiven,
  inference_geo: NameIfGiven,
});

/**
 * Cost of an organisation by day, workspace and line of the bill, `GET
 * /v1/organizations/cost_report`: decimal texts in cents. It names no person, and leaves out what is
 * paid for by a Priority Tier commitment.
 */
export const ANTHROPIC_COSTS: CollectorSource<SettingsOf<"anthropic-costs">> =
  anthropicBucketReport({
    step: "costs",
    path: "/v1/organizations/cost_report",
    groupBy: ["workspace_id", "description"],
    readResult: (result, path, day, { askedAtMs }) =>
      rowReadings(Result, result, path, (row) => [
        statement({
          provider: "anthropic",
          kind: "cost",
          day,
          asOfMs: askedAtMs,
          row: [
            "cost_report",
            row.workspace_id,
            row.description,
            row.cost_type,
            row.token_type,
            row.model,
            row.context_window,
            row.service_tier,
            row.inference_geo,
          ],
          model: row.model === undefined ? undefined : normalisedModel(row.model),
          costNanoUsd: row.amount,
        }),
      ]),
  });
