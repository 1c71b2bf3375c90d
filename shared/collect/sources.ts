import { ANTHROPIC_ANALYTICS } from "./anthropic-analytics.ts";
import { ANTHROPIC_CLAUDE_CODE } from "./anthropic-claude-code.ts";
import { ANTHROPIC_COSTS } from "./anthropic-costs.ts";
import { ANTHROPIC_MESSAGES } from "./anthropic-messages.ts";
import type { CollectorSettings, SettingsOf, SourceName } from "./collector-settings.ts";
import type { CollectorSource } from "./collector-source.ts";
import { COPILOT_BILLING } from "./copilot-billing.ts";
import { COPILOT_USERS } from "./copilot-users.ts";
import { CURSOR_EVENTS } from "./cursor-events.ts";
import { OPENAI_COSTS } from "./openai-costs.ts";
import { OPENAI_USAGE } from "./openai-usage.ts";

/** Every report that can be collected. A new one is a file, its settings, and a line here. */
const SOURCES: { readonly [Name in SourceName]: CollectorSource<SettingsOf<Name>> } = {
  "anthropic-claude-code": ANTHROPIC_CLAUDE_CODE,
  "anthropic-analytics": ANTHROPIC_ANALYTICS,
  "anthropic-messages": ANTHROPIC_MESSAGES,
  "anthropic-costs": ANTHROPIC_COSTS,
  "openai-usage": OPENAI_USAGE,
  "openai-costs": OPENAI_COSTS,
  "copilot-users": COPILOT_USERS,
  "copilot-billing": COPILOT_BILLING,
  "cursor-events": CURSOR_EVENTS,
};

/** The source that a collector's settings name. */
export function sourceOf(settings: CollectorSettings): CollectorSource {
  // A cast: TypeScript does not follow that the settings of a name fit the source of that name.
  return SOURCES[settings.source] as CollectorSource;
}
