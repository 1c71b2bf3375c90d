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

const github = {
  /** As in github.com/<organization>. */
  organization: z.string().regex(/^[A-Za-z0-9-]{1,39}$/, "must be the name of an organisation"),
  /** Which bill the organisation gets. */
  bill: z.enum(["premium_request", "ai_credit"]).default("premium_request"),
};

/** One report of one provider, read by the clock. */
export const CollectorSettings = z.discriminatedUnion("source", [
  z.strictObject({
    ...common,
    source: z.literal("anthropic-claude-code"),
    /** Whether to take what the keys of machines did, beside what people did. */
    machineKeys: z.boolean().default(true),
  }),
  z.strictObject({
    ...common,
    source: z.literal("anthropic-analytics"),
    /** Products whose rows are not taken, such as `claude_code`. */
    leaveOut: z.array(z.string().min(1)).default([]),
  }),
  z.strictObject({ ...common, source: z.literal("anthropic-messages") }),
  z.strictObject({ ...common, source: z.literal("anthropic-costs") }),
  z.strictObject({
    ...common,
    source: z.literal("openai-usage"),
    /** What people use the API by: the report does not say. */
    tool: z.string().min(1).max(64).default("openai-api"),
  }),
  z.strictObject({ ...common, source: z.literal("openai-costs") }),
  z.strictObject({
    ...common,
    source: z.literal("copilot-users"),
    ...github,
    /** Whether to ask for each person's bill, one request for each and day. */
    billing: z.boolean().default(false),
  }),
  z.strictObject({ ...common, source: z.literal("copilot-billing"), ...github }),
  z.strictObject({
    ...common,
    source: z.literal("cursor-events"),
    /**
     * `request`: what is read are the calls. `day`: Cursor's telemetry is sent here too, and brings
     * the calls; what is read is kept beside them, by day.
     */
    grain: z.enum(
      ["request", "day"],
      "say day if Cursor's OpenTelemetry export is sent here too, else request: both report the same calls",
    ),
  }),
]);
export type CollectorSettings = z.infer<typeof CollectorSettings>;

export type SourceName = CollectorSettings["source"];

/** The settings of one source. */
export type SettingsOf<Name extends SourceName> = Extract<CollectorSettings, { source: Name }>;
