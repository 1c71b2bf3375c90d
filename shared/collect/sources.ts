import { ANTHROPIC_CLAUDE_CODE } from "./anthropic-claude-code.ts";
import type { CollectorSettings, SettingsOf, SourceName } from "./collector-settings.ts";
import type { CollectorSource } from "./collector-source.ts";

/** Every report that can be collected. A new one is a file, its settings, and a line here. */
const SOURCES: { readonly [Name in SourceName]: CollectorSource<SettingsOf<Name>> } = {
  "anthropic-claude-code": ANTHROPIC_CLAUDE_CODE,
};

/** The source that a collector's settings name. */
export function sourceOf(settings: CollectorSettings): CollectorSource {
  // A cast: TypeScript does not follow that the settings of a name fit the source of that name.
  return SOURCES[settings.source] as CollectorSource;
}
