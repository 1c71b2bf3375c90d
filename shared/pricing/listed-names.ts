import { findProvider } from "@pydantic/genai-prices";

/** A provider and a model as the price list may know them. */
export type ListedName = { readonly provider: string; readonly model: string };

/** `us.anthropic.claude-…`, `anthropic.claude-…`: ids of Bedrock, whoever is said to have served them. */
const BEDROCK_ID = /(?:^|[./])anthropic\.claude/;
const DATE_SUFFIX = /[-@]20\d{2}-?\d{2}-?\d{2}$/;
const LARGE_CONTEXT = /\[1m\]$/;
/** Google's API puts it before every name. */
const MODELS_PREFIX = "models";

/**
 * The names to look a call's price up by, in this order: as the sender gave it, without the prefix
 * that repeats its provider, and without its date, for a list that only knows the model itself.
 * A prefix that names another provider stays: who resells a model has prices of their own.
 */
export function listedNames(sent: ListedName): readonly ListedName[] {
  const model = sent.model.trim().toLowerCase().replace(LARGE_CONTEXT, "");
  const provider = sent.provider === "anthropic" && BEDROCK_ID.test(model) ? "aws" : sent.provider;
  const bare = withoutOwnPrefix(provider, model);
  const models = new Set([model, bare, bare.replace(DATE_SUFFIX, "")]);
  return [...models].map((name) => ({ provider, model: name }));
}

function withoutOwnPrefix(provider: string, model: string): string {
  const slash = model.indexOf("/");
  const prefix = model.slice(0, Math.max(slash, 0));
  const isOwn = prefix === MODELS_PREFIX || (prefix !== "" && isSameProvider(prefix, provider));
  return isOwn ? model.slice(slash + 1) : model;
}

function isSameProvider(a: string, b: string): boolean {
  const id = findProvider({ providerId: a })?.id;
  return a === b || (id !== undefined && id === findProvider({ providerId: b })?.id);
}
