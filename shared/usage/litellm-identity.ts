import { normalisedSubject } from "../directory/subject.ts";
import { callIdentity, isPlainText, MAX_LENGTH } from "./field-limits.ts";
import { givenFields } from "./given-fields.ts";
import type { LitellmCall } from "./litellm-payload.ts";
import { InvalidFieldError } from "./reading.ts";

/** The tool's name in every report, and in the source of its keys. */
export const LITELLM_TOOL = "litellm";

/** What Python makes of an absent id that is put into a text. */
const NO_ID = "None";

/** The user that LiteLLM names where a key has none: it is nobody. */
const NO_USER = "default_user_id";

/** Claude Code puts its session into the `user_id` of a request, as one text or as JSON. */
const CLAUDE_CODE_SESSION = /session_(?:id"\s*:\s*")?([0-9a-f]{8}-[0-9a-f-]{27})/;

/**
 * The provider's request id where the payload has it, so that the call is the same one that the
 * client's telemetry reports; else the id that LiteLLM logs, which is that of the provider's response
 * or LiteLLM's own.
 *
 * @throws {InvalidFieldError} if there is none.
 */
export function litellmCallId(call: LitellmCall, provider: string): string {
  const headers = call.hidden_params?.additional_headers;
  const id = [
    headers?.["llm_provider-request-id"],
    headers?.["llm_provider-x-request-id"],
    headers?.["llm_provider-x-amzn-requestid"],
    headers?.["llm_provider-apim-request-id"],
    call.id,
    call.litellm_call_id,
  ].find((candidate) => candidate !== undefined && candidate !== NO_ID);
  if (id === undefined) {
    throw new InvalidFieldError("id", `must be a text of 1 to ${MAX_LENGTH.id} characters`);
  }
  return callIdentity(provider, id);
}

/** Who made a call, and in which session. */
export function litellmContext(call: LitellmCall) {
  const headers = call.metadata?.requester_custom_headers;
  return givenFields({
    session: sessionOf(call),
    tool: LITELLM_TOOL,
    subject: subjectOf(call),
    agent: headers?.["x-claude-code-agent-id"],
  });
}

/**
 * The key's owner first, by e-mail address, which telemetry and the directory know too; then by
 * LiteLLM's id for the owner. Last the end user, which the client states itself, and which for Claude
 * Code is another text in every session.
 */
function subjectOf({ metadata, end_user }: LitellmCall): string | undefined {
  const id = [
    metadata?.user_api_key_user_email,
    metadata?.user_api_key_user_id,
    metadata?.user_api_key_end_user_id,
    end_user,
  ].find((candidate) => candidate !== undefined && isSomebody(candidate));
  if (id === undefined) {
    return undefined;
  }
  return normalisedSubject(id.includes("@") ? id : `${LITELLM_TOOL}:${id}`);
}

function isSomebody(id: string): boolean {
  return id !== NO_USER && id !== NO_ID && !CLAUDE_CODE_SESSION.test(id);
}

/**
 * Claude Code's session, as its telemetry names it; else LiteLLM's trace, which is the session that
 * the client sent. A trace that is the call itself is none.
 */
function sessionOf({ metadata, end_user, trace_id, id, litellm_call_id }: LitellmCall): string {
  const given =
    metadata?.requester_custom_headers?.["x-claude-code-session-id"] ??
    CLAUDE_CODE_SESSION.exec(metadata?.user_api_key_end_user_id ?? end_user ?? "")?.[1] ??
    trace_id;
  const isSession =
    given !== undefined &&
    given !== id &&
    given !== litellm_call_id &&
    isPlainText(given, MAX_LENGTH.session);
  return isSession ? given : "-";
}
