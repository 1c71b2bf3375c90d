import * as z from "zod";
import type { SettingsOf } from "./collector-settings.ts";
import type { CollectorSource } from "./collector-source.ts";
import { spanTasks } from "./days.ts";
import { openaiBuckets, openaiCredentials, openaiDays } from "./openai-api.ts";
import { Dollars, NameIfGiven, rowReadings } from "./page-fields.ts";
import { statement } from "./statement.ts";

const STEP = "costs";
/** Most days that one request may ask for. */
const MOST_DAYS = 180;

const Result = z.object({
  amount: z.object({
    value: Dollars,
    currency: z.string().regex(/^usd$/i, "must be usd"),
  }),
  line_item: NameIfGiven,
  project_id: NameIfGiven,
});

/**
 * Cost of an organisation by day, project and line of the bill, `GET /v1/organization/costs`, in
 * dollars. It names no person.
 */
export const OPENAI_COSTS: CollectorSource<SettingsOf<"openai-costs">> = {
  credentials: openaiCredentials,
  plan: (days) => spanTasks(STEP, days, MOST_DAYS),
  request: (task) => ({
    method: "GET",
    path: "/organization/costs",
    query: openaiDays(task, MOST_DAYS, ["project_id", "line_item"]),
  }),
  read: (task, text, { askedAtMs }) =>
    openaiBuckets(task, text, "organization.costs.result", (result, path, day) =>
      rowReadings(Result, result, path, ({ amount, project_id, line_item }) => [
        statement({
          provider: "openai",
          kind: "cost",
          day,
          asOfMs: askedAtMs,
          row: ["costs", project_id, line_item],
          costNanoUsd: amount.value,
        }),
      ]),
    ),
};
