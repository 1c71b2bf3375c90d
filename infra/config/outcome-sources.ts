import * as z from "zod";
import { UNDELIVERED_RESOLUTIONS } from "../../shared/outcomes/jira-webhook.ts";

/**
 * Where delivered work comes from, beside GitHub's webhook and our own API, which are always there.
 * What is left out is not deployed.
 */
export const OutcomeSources = z
  .strictObject({
    /** The route `/webhooks/gitlab` and its secret. */
    gitlab: z.boolean().default(false),
    /** The route `/webhooks/jira` and its secret. */
    jira: z
      .strictObject({
        /** Resolutions, or statuses, with which an issue is done although nothing was delivered. */
        undelivered: z
          .array(z.string().min(1).max(100))
          .max(50)
          .default([...UNDELIVERED_RESOLUTIONS]),
      })
      .optional(),
  })
  .prefault({});
export type OutcomeSources = z.output<typeof OutcomeSources>;
