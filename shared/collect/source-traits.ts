import type { SourceName } from "./collector-settings.ts";

/** Who answers, and holds the key. Collectors of one provider share a key, unless they name one. */
export type CollectedProvider = "anthropic" | "openai" | "github" | "cursor";

type Traits = {
  readonly provider: CollectedProvider;
  /** When it is read, unless the configuration says so: no more often than its figures change. */
  readonly cron: string;
};

/** What the stack has to know of a source. Minutes differ, so that not all ask at the full hour. */
export const SOURCE_TRAITS: Readonly<Record<SourceName, Traits>> = {
  "anthropic-claude-code": { provider: "anthropic", cron: "12 * * * ? *" },
  "anthropic-analytics": { provider: "anthropic", cron: "22 0/6 * * ? *" },
  "anthropic-messages": { provider: "anthropic", cron: "32 0/6 * * ? *" },
  "anthropic-costs": { provider: "anthropic", cron: "42 1/12 * * ? *" },
  "openai-usage": { provider: "openai", cron: "17 * * * ? *" },
  "openai-costs": { provider: "openai", cron: "47 1/12 * * ? *" },
  "copilot-users": { provider: "github", cron: "7 4/12 * * ? *" },
  "copilot-billing": { provider: "github", cron: "27 4/12 * * ? *" },
  "cursor-events": { provider: "cursor", cron: "37 * * * ? *" },
};

/** Where the API of a provider is, unless a collector says so. */
export const BASE_URLS: Readonly<Record<CollectedProvider, string>> = {
  anthropic: "https://api.anthropic.com",
  openai: "https://api.openai.com/v1",
  github: "https://api.github.com",
  cursor: "https://api.cursor.com",
};
