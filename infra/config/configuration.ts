import * as z from "zod";
import { CollectorSettings } from "../../shared/collect/collector-settings.ts";
import { Cron } from "../../shared/directory/cron.ts";
import { Settings } from "../../shared/directory/settings.ts";
import { PriceSettings } from "../../shared/pricing/price-settings.ts";
import { CommandError } from "../cli/command-line.ts";
import { fileFaults } from "./file-faults.ts";
import { OutcomeSources } from "./outcome-sources.ts";
import { checkReferences } from "./references.ts";

/** The retention periods that CloudWatch Logs knows, in days. */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
] as const;

const Retention = z
  .strictObject({
    /** Logs of the functions and of the HTTP API; they hold ids and counts, never content. */
    logDays: z.literal(LOG_RETENTION_DAYS).default(30),
    /** Uploaded files: they hold names, so they go soon. */
    dropDays: z.int().min(1).max(3653).default(30),
    /** Reports for finance. */
    reportDays: z.int().min(90).max(3653).default(2557),
  })
  .prefault({});

/** Lambda allows 4,096 bytes of environment, and a collector takes some 250. */
const MOST_COLLECTORS = 12;

const Schedules = z
  .strictObject({
    /** Before scoring, which goes by what is priced. */
    repricing: Cron.default("0 2 * * ? *"),
    scoring: Cron.default("0 3 * * ? *"),
    reconciliation: Cron.default("30 4 * * ? *"),
    monthToDateReport: Cron.default("0 5 * * ? *"),
    previousMonthReport: Cron.default("0 6 2 * ? *"),
  })
  .prefault({});

/** Everything that a deployment needs to be told: {@link Settings} and what only the stack knows. */
export const Configuration = z
  .strictObject({
    ...Settings.shape,
    stackName: z
      .string()
      .regex(
        /^[A-Za-z][A-Za-z0-9-]{0,63}$/,
        "must start with a letter, then letters, digits and dashes, 64 at most",
      )
      .default("Outpace"),
    account: z
      .string()
      .regex(/^\d{12}$/, "must be the twelve digits of an AWS account id, as text")
      .optional(),
    region: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be an AWS Region, such as eu-central-1")
      .optional(),
    operationsEmails: z.array(z.email()).min(1),
    outcomeSources: OutcomeSources,
    prices: PriceSettings,
    retention: Retention,
    schedules: Schedules,
    /** Reports of providers that are read by the clock. None: no function, and no key. */
    collectors: z.array(CollectorSettings).max(MOST_COLLECTORS).default([]),
    removalPolicy: z.enum(["retain", "destroy"]).default("retain"),
  })
  .superRefine(checkReferences);
export type Configuration = z.output<typeof Configuration>;

/** What is written in the file: fields that have a default may be left out. */
export type ConfigurationFile = z.input<typeof Configuration>;

/** The file is not a configuration. The message has one line for each fault, with its path. */
export class InvalidConfigurationError extends CommandError {
  override readonly name = "InvalidConfigurationError";
  readonly faults: readonly string[];

  constructor(source: string, faults: readonly string[]) {
    super(`${source} is not a valid configuration:\n${faults.map((f) => `- ${f}`).join("\n")}`);
    this.faults = faults;
  }
}

/**
 * @param source The file's name, for the message.
 * @throws {InvalidConfigurationError}
 */
export function parseConfiguration(input: unknown, source: string): Configuration {
  const result = Configuration.safeParse(input);
  if (result.success) {
    return result.data;
  }
  throw new InvalidConfigurationError(source, fileFaults(result.error));
}
