import * as z from "zod";
import { Cron } from "../directory/cron.ts";

const Id = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,31}$/,
    "must start with a small letter, then small letters, digits and dashes, 32 at most",
  );

/** Loopback addresses may go without TLS: they do not leave the machine. */
const BaseUrl = z
  .url()
  .regex(
    /^(?:https:\/\/|http:\/\/(?:127\.0\.0\.1|localhost)(?::\d+)?(?:\/|$))/,
    "must begin with https://, as the key is sent to it",
  )
  .transform((url) => url.replace(/\/+$/, ""));

const SecretArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+$/,
    "must be the ARN of a secret, such as arn:aws:secretsmanager:eu-central-1:123456789012:secret:name-AbCdEf",
  );

const common = {
  /** Names the collector in logs, alarms and in the place where it keeps how far it is. */
  id: Id,
  /** Where the API's key is. Left out: a secret of the stack's own, one for each provider. */
  secretArn: SecretArn.exactOptional(),
  /** Another address of the API: of a proxy, or of GitHub Enterprise. */
  baseUrl: BaseUrl.exactOptional(),
  /** When it runs, UTC. Left out: as often as the provider's figures change. */
  schedule: Cron.exactOptional(),
  /** First day to read. Left out: 30 days before the first run. */
  since: z.iso.date().exactOptional(),
};

/** One report of one provider, read by the clock. */
export const CollectorSettings = z.discriminatedUnion("source", [
  z.strictObject({ ...common, source: z.literal("anthropic-claude-code") }),
]);
export type CollectorSettings = z.infer<typeof CollectorSettings>;

export type SourceName = CollectorSettings["source"];

/** The settings of one source. */
export type SettingsOf<Name extends SourceName> = Extract<CollectorSettings, { source: Name }>;
