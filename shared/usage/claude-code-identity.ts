import { MAX_LENGTH, normalisedModel } from "./field-limits.ts";
import { givenFields } from "./given-fields.ts";
import type { OtlpFields } from "./otlp-fields.ts";
import { otlpSubject, workLabels } from "./otlp-labels.ts";
import type { SentUsage } from "./usage-event.ts";

/** The tool's name in every report, for the command line and the desktop application alike. */
export const CLAUDE_CODE_TOOL = "claude-code";

/** In this order: whom the login says, whom the deployment says, and last the anonymous installation. */
const SUBJECT_ATTRIBUTES = [
  "user.email",
  "enduser.id",
  "user.account_uuid",
  "user.account_id",
  "user.id",
] as const;

/** Values of `anthropic.provider`, in the price book's names. */
const PROVIDERS: ReadonlyMap<string, string> = new Map([
  ["firstparty", "anthropic"],
  ["bedrock", "aws"],
  ["vertex", "google"],
  ["foundry", "azure"],
]);

/** Who worked, and on what: the same for every event and data point of a session. */
export function claudeCodeContext(fields: OtlpFields) {
  return givenFields({
    session: fields.textIfGiven("session.id", MAX_LENGTH.session) ?? "-",
    tool: CLAUDE_CODE_TOOL,
    subject: otlpSubject(fields, CLAUDE_CODE_TOOL, SUBJECT_ATTRIBUTES),
    agent:
      fields.textIfGiven("agent_id", MAX_LENGTH.name) ??
      fields.label(["agent.name"], MAX_LENGTH.name),
    ...workLabels(fields),
  });
}

/** Values of `speed` that have a price of their own. The other is `normal`. */
const TIERS: ReadonlySet<string> = new Set(["fast"]);

/** The model, who served it, and at which tier. A provider that is not known keeps its own name. */
export function claudeCodeModel(
  fields: OtlpFields,
): Pick<SentUsage, "provider" | "model" | "tier"> {
  const sent = fields.label(["anthropic.provider"], MAX_LENGTH.name)?.toLowerCase() ?? "firstparty";
  const speed = fields.label(["speed"], MAX_LENGTH.name)?.toLowerCase() ?? "normal";
  return {
    provider: PROVIDERS.get(sent) ?? sent,
    model: normalisedModel(fields.text("model", MAX_LENGTH.name)),
    ...(TIERS.has(speed) ? { tier: speed } : {}),
  };
}
