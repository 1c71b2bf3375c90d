import type * as z from "zod";
import { bookClaudeCodeTwice } from "../../shared/collect/anthropic-analytics.ts";
import type { CollectorSettings } from "../../shared/collect/collector-settings.ts";
import type { Settings } from "../../shared/directory/settings.ts";
import type { PriceSettings } from "../../shared/pricing/price-settings.ts";
import { type SeatRule, teamsOf } from "../../shared/pricing/seat-rule.ts";

type Referencing = Settings & {
  readonly operationsEmails: readonly string[];
  readonly collectors: readonly CollectorSettings[];
  readonly prices: PriceSettings;
};
type Issues = z.core.$RefinementCtx<Referencing>;

/**
 * Lambda allows 4,096 bytes of environment; what is left is for the names and the other variables.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const SETTINGS_LIMIT_BYTES = 3_500;
/** A topic ARN and an owner id in the environment of the function that publishes. */
const CHAT_TOPIC_BYTES = 150;

/** An ARN in place of a secret that the stack makes. */
const SECRET_ARN_BYTES = 140;

/** Checks what one field says of another: ids that exist, and are said once. */
export function checkReferences(configuration: Referencing, context: Issues): void {
  const { owners, teams, useCases } = configuration;
  const ownerIds = owners.map(({ id }) => id);
  reportRepeats(ownerIds, (i) => ["owners", i, "id"], "another owner has the id", context);
  reportRepeats(
    teams.map(({ id }) => id),
    (i) => ["teams", i, "id"],
    "another team has the id",
    context,
  );
  reportRepeats(
    useCases.map(({ id }) => id),
    (i) => ["useCases", i, "id"],
    "another use case has the id",
    context,
  );
  // SNS keeps one subscription for an address and a topic, so two filters cannot both hold.
  reportRepeats(
    owners.map(({ email }) => email.toLowerCase()),
    (i) => ["owners", i, "email"],
    "make them one owner, or use a second address: another owner has",
    context,
  );
  reportRepeats(
    configuration.operationsEmails.map((email) => email.toLowerCase()),
    (i) => ["operationsEmails", i],
    "said twice:",
    context,
  );
  reportRepeats(
    configuration.collectors.map(({ id }) => id),
    (i) => ["collectors", i, "id"],
    "another collector has the id",
    context,
  );
  if (bookClaudeCodeTwice(configuration.collectors)) {
    const message =
      'anthropic-claude-code and anthropic-analytics both report what Claude Code cost: give the second leaveOut: ["claude_code"]';
    context.addIssue({ code: "custom", path: ["collectors"], message });
  }
  for (const [i, team] of teams.entries()) {
    reportUnknownOwner(team.owner, ["teams", i, "owner"], ownerIds, context);
  }
  for (const [i, { owner }] of useCases.entries()) {
    if (owner !== undefined) {
      reportUnknownOwner(owner, ["useCases", i, "owner"], ownerIds, context);
    }
  }
  reportUnknownTeams(
    configuration.prices.seats,
    teams.map(({ id }) => id),
    context,
  );
  reportUnknownOwner(configuration.fallbackOwner, ["fallbackOwner"], ownerIds, context);
  reportSize(configuration, context);
  reportCollectorsSize(configuration.collectors, context);
}

function reportRepeats(
  values: readonly string[],
  pathOf: (index: number) => PropertyKey[],
  message: string,
  context: Issues,
): void {
  for (const [i, value] of values.entries()) {
    if (values.indexOf(value) < i) {
      context.addIssue({ code: "custom", path: pathOf(i), message: `${message} "${value}"` });
    }
  }
}

function reportUnknownOwner(
  owner: string,
  path: PropertyKey[],
  ownerIds: readonly string[],
  context: Issues,
): void {
  if (!ownerIds.includes(owner)) {
    const message = `no owner has the id "${owner}"; there are: ${ownerIds.join(", ")}`;
    context.addIssue({ code: "custom", path, message });
  }
}

function reportUnknownTeams(
  seats: readonly SeatRule[],
  teamIds: readonly string[],
  context: Issues,
): void {
  for (const [i, rule] of seats.entries()) {
    for (const [j, team] of teamsOf(rule).entries()) {
      if (!teamIds.includes(team)) {
        const message = `no team has the id "${team}"; there are: ${teamIds.join(", ")}`;
        const field = rule.kind === "members" ? ["teams", j] : ["team"];
        context.addIssue({ code: "custom", path: ["prices", "seats", i, ...field], message });
      }
    }
  }
}

function reportSize(configuration: Referencing, context: Issues): void {
  const { owners, teams, useCases, fallbackOwner, productionEnvironments, scoring } = configuration;
  const settings = { owners, teams, useCases, fallbackOwner, productionEnvironments, scoring };
  const chatTopics = owners.filter(({ slack }) => slack !== undefined).length;
  const bytes = Buffer.byteLength(JSON.stringify(settings)) + chatTopics * CHAT_TOPIC_BYTES;
  if (bytes > SETTINGS_LIMIT_BYTES) {
    const isOfUseCases = JSON.stringify(useCases).length > JSON.stringify(teams).length;
    const message = `owners, teams and use cases take ${bytes} bytes of a function's environment, which has room for ${SETTINGS_LIMIT_BYTES}; use fewer of them or shorter ids`;
    const path = [isOfUseCases ? "useCases" : "teams"];
    context.addIssue({ code: "custom", path, message });
  }
}

function reportCollectorsSize(collectors: readonly CollectorSettings[], context: Issues): void {
  const made = collectors.filter(({ secretArn }) => secretArn === undefined).length;
  const bytes = Buffer.byteLength(JSON.stringify(collectors)) + made * SECRET_ARN_BYTES;
  if (bytes > SETTINGS_LIMIT_BYTES) {
    const message = `the collectors take ${bytes} bytes of a function's environment, which has room for ${SETTINGS_LIMIT_BYTES}; use fewer of them`;
    context.addIssue({ code: "custom", path: ["collectors"], message });
  }
}
