import { normalisedSubject } from "../directory/subject.ts";
import type { OtlpLogRecord } from "../otlp/export-request.ts";
import { MAX_LENGTH, normalisedModel } from "./field-limits.ts";
import { givenFields } from "./given-fields.ts";
import { eventTimeMs, type OtlpFields } from "./otlp-fields.ts";
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

/** Ids that mean a person to the organisation, not only to the tool. */
const ORGANISATION_SUBJECTS: ReadonlySet<string> = new Set(["user.email", "enduser.id"]);

/** Values of `anthropic.provider`, in the price book's names. */
const PROVIDERS: ReadonlyMap<string, string> = new Map([
  ["firstparty", "anthropic"],
  ["bedrock", "aws"],
  ["vertex", "google"],
  ["foundry", "azure"],
]);

/** Who worked, and on what: the same for every event and data point of a session. */
export function claudeCodeContext(fields: OtlpFields) {
  const name = (...names: readonly string[]) => fields.label(names, MAX_LENGTH.name);
  return givenFields({
    session: fields.textIfGiven("session.id", MAX_LENGTH.session) ?? "-",
    tool: CLAUDE_CODE_TOOL,
    subject: subjectOf(fields),
    agent: fields.textIfGiven("agent_id", MAX_LENGTH.name) ?? name("agent.name"),
    useCase: name("use_case"),
    repository: name("repository", "vcs.repository.name"),
    branch: name("branch", "vcs.ref.head.name"),
  });
}

/** The model and who served it. A provider that is not known keeps its own name. */
export function claudeCodeModel(fields: OtlpFields): Pick<SentUsage, "provider" | "model"> {
  const sent = fields.label(["anthropic.provider"], MAX_LENGTH.name)?.toLowerCase() ?? "firstparty";
  return {
    provider: PROVIDERS.get(sent) ?? sent,
    model: normalisedModel(fields.text("model", MAX_LENGTH.name)),
  };
}

/** When an event happened. `event.timestamp` is the event's own; the observed time may be a collector's. */
export function claudeCodeEventTimeMs(record: OtlpLogRecord): number {
  const timestamp = record.attributes.get("event.timestamp");
  const stated = typeof timestamp === "string" ? Date.parse(timestamp) : Number.NaN;
  return eventTimeMs(
    `${record.path}.timeUnixNano`,
    record.timeUnixNano,
    Number.isNaN(stated) ? 0n : BigInt(stated) * 1_000_000n,
    record.observedTimeUnixNano,
  );
}

function subjectOf(fields: OtlpFields): string | undefined {
  for (const attribute of SUBJECT_ATTRIBUTES) {
    const id = fields.label([attribute], MAX_LENGTH.subject);
    if (id !== undefined) {
      const isPerson = ORGANISATION_SUBJECTS.has(attribute) || id.includes("@");
      return normalisedSubject(isPerson ? id : `${CLAUDE_CODE_TOOL}:${id}`);
    }
  }
  return undefined;
}
