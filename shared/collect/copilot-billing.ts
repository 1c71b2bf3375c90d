import { normalisedModel } from "../usage/field-limits.ts";
import type { SettingsOf } from "./collector-settings.ts";
import type { CollectorSource } from "./collector-source.ts";
import { dayTasks } from "./days.ts";
import { Bill, BilledItem, billRequest, githubCredentials } from "./github-api.ts";
import { pageOf, rowReadings } from "./page-fields.ts";
import { statement } from "./statement.ts";

const STEP = "bill";

/**
 * What an organisation is charged for Copilot by day, product and model, after what its seats
 * include: `GET /organizations/{org}/settings/billing/premium_request/usage`, or `ai_credit`. It
 * names no person.
 */
export const COPILOT_BILLING: CollectorSource<SettingsOf<"copilot-billing">> = {
  credentials: githubCredentials,
  plan: (days) => dayTasks(STEP, days),
  request: ({ from }, { organization, bill }) => billRequest(organization, bill, from),
  read: ({ from }, text, { askedAtMs }, { bill }) => ({
    rows: pageOf(Bill, STEP, text).usageItems.flatMap((item, at) =>
      rowReadings(BilledItem, item, `usageItems[${at}]`, (billed) => [
        statement({
          provider: "github",
          kind: "cost",
          day: from,
          asOfMs: askedAtMs,
          row: [bill, billed.product, billed.sku, billed.model, billed.unitType],
          model: billed.model === undefined ? undefined : normalisedModel(billed.model),
          costNanoUsd: billed.netAmount,
        }),
      ]),
    ),
    next: [],
  }),
};
