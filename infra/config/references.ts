import type * as z from "zod";
import { bookClaudeCodeTwice } from "../../shared/collect/anthropic-analytics.ts";
import type { CollectorSettings } from "../../shared/collect/collector-settings.ts";
import type { Settings } from "../../shared/directory/settings.ts";
import type { PriceSettings } from "../../shared/pricing/price-settings.ts";
import { type SeatRule, teamsOf } from "../../shared/pricing/seat-rule.ts";
import { settingsOf } from "./function-settings.ts";

type Referencing = Settings & {
  readonly stackName: string;
  readonly operationsEmails: readonly string[];
  readonly collectors: readonly CollectorSettings[];
  readonly prices: PriceSettings;
};
type Issues = z.core.$RefinementCtx<Referencing>;

/**
 * For the names and values of all variables of a function.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const ENVIRONMENT_BYTES = 4_096;
/** What the function with the most other variables needs for these, without the name of the stack. */
const OTHER_VARIABLES_BYTES = 540;
/** How often the name of the stack is in them. */
const NAMES_OF_STACK = 4;
/** A topic's ARN without the names of stack and owner, in the environment of the function that publishes. */
const CHAT_TOPIC_BYTES = 100;

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
  reportCollectorsSize(configuration, context);
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
    const message = `no owner has the id "${owner}"; there are: ${listed(ownerIds)}`;
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
        const message = `no team has the id "${team}"; there are: ${listed(teamIds)}`;
        const field = rule.kind === "members" ? ["teams", j] : ["team"];
        context.addIssue({ code: "custom", path: ["prices", "seats", i, ...field], message });
      }
    }
  }
}

/** Each id once: one that is said twice is a fault of its own. */
function listed(ids: readonly string[]): string {
  return [...new Set(ids)].join(", ");
}

/** The most that the settings may take of a function's environment, in bytes. */
function roomIn({ stackName }: Referencing): number {
  return ENVIRONMENT_BYTES - OTHER_VARIABLES_BYTES - NAMES_OF_STACK * stackName.length;
}

function reportSize(configuration: Referencing, context: Issues): void {
  const { owners, teams, useCases, stackName } = configuration;
  const topics = owners
    .filter(({ slack }) => slack !== undefined)
    .map(({ id }) => 2 * id.length + stackName.length + CHAT_TOPIC_BYTES)
    .reduce((sum, bytes) => sum + bytes, 0);
  const bytes = Buffer.byteLength(JSON.stringify(settingsOf(configuration))) + topics;
  const room = roomIn(configuration);
  if (bytes > room) {
    const isOfUseCases = JSON.stringify(useCases).length > JSON.stringify(teams).length;
    const message = `owners, teams, use cases and the other settings take ${bytes} bytes of a function's environment, which has room for ${room}; use fewer of them or shorter ids`;
    const path = [isOfUseCases ? "useCases" : "teams"];
    context.addIssue({ code: "custom", path, message });
  }
}

function reportCollectorsSize(configuration: Referencing, context: Issues): void {
  const { collectors } = configuration;
  const made = collectors.filter(({ secretArn }) => secretArn === undefined).length;
  const bytes = Buffer.byteLength(JSON.stringify(collectors)) + made * SECRET_ARN_BYTES;
  const room = roomIn(configuration);
  if (bytes > room) {
    const message = `the collectors take ${bytes} bytes of a function's environment, which has room for ${room}; use fewer of them`;
    context.addIssue({ code: "custom", path: ["collectors"], message });
  }
}
