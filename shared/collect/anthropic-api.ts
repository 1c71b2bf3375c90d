import * as z from "zod";
import { normalisedSubject } from "../directory/subject.ts";
import type { CollectTask } from "./collector-source.ts";
import { Name, NameIfGiven } from "./page-fields.ts";

/** The version of the API that the sources are written for (platform.claude.com, "Versioning"). */
const API_VERSION = "2023-06-01";

/** An admin key, or for the analytics a key with the scope `read:analytics`. */
export function anthropicCredentials(secret: string): Readonly<Record<string, string>> {
  return { "x-api-key": secret.trim(), "anthropic-version": API_VERSION };
}

/** What frames the rows of every page. */
export const AnthropicPage = z.object({
  data: z.array(z.unknown()),
  has_more: z.boolean(),
  next_page: NameIfGiven,
});

/** The next page of a task, if there is one. */
export function nextAnthropicPage(
  task: CollectTask,
  { has_more, next_page }: z.infer<typeof AnthropicPage>,
): readonly CollectTask[] {
  return has_more && next_page !== undefined ? [{ ...task, page: next_page }] : [];
}

/** Who spent it. Kinds that are not known here name nobody. */
export const AnthropicActor = z.union([
  z.object({ type: z.literal("user_actor"), email_address: Name }),
  z.object({ type: z.literal("user_actor"), user_id: Name }),
  z.object({ type: z.literal("api_actor"), api_key_name: Name }),
  z.object({ type: z.literal("api_actor"), api_key_id: Name }),
  z.object({ type: z.string() }),
]);
export type AnthropicActor = z.infer<typeof AnthropicActor>;

/**
 * The subject of an actor: the e-mail address of a person; else `anthropic:<user id>`, or
 * `anthropic-key:<name or id>` for a machine's key, which the directory can give to someone.
 */
export function anthropicSubject(actor: AnthropicActor): string | undefined {
  if ("email_address" in actor) {
    return normalisedSubject(actor.email_address);
  }
  if ("user_id" in actor) {
    return `anthropic:${actor.user_id}`;
  }
  if ("api_key_name" in actor) {
    return `anthropic-key:${actor.api_key_name}`;
  }
  return "api_key_id" in actor ? `anthropic-key:${actor.api_key_id}` : undefined;
}
