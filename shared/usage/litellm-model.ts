import { normalisedModel } from "./field-limits.ts";
import type { LitellmCall } from "./litellm-payload.ts";
import type { SentUsage } from "./usage-event.ts";

/** LiteLLM's providers (`LlmProviders` and price entries) whose names differ from the price book's. */
const PROVIDERS: ReadonlyMap<string, string> = new Map([
  ["text-completion-openai", "openai"],
  ["azure_ai", "azure"],
  ["azure_text", "azure"],
  ["bedrock", "aws"],
  ["bedrock_converse", "aws"],
  ["bedrock_mantle", "aws"],
  ["sagemaker", "aws"],
  ["sagemaker_chat", "aws"],
  ["vertex_ai", "google"],
  ["vertex_ai_beta", "google"],
  ["gemini", "google"],
  ["codestral", "mistral"],
  ["text-completion-codestral", "mistral"],
  ["cohere_chat", "cohere"],
  ["xai", "x-ai"],
  ["together_ai", "together"],
  ["fireworks_ai", "fireworks"],
  ["moonshot", "moonshotai"],
]);

const UNKNOWN_PROVIDER = "unknown";

/** Names of deployments say nothing of the model: LiteLLM's own price entry does, where it has one. */
const NAMES_DEPLOYMENTS: ReadonlySet<string> = new Set(["azure"]);
const AWS_RESOURCE = /(?:^|\/)arn:aws/;

/** Who served a call, in the price book's names, and the model without LiteLLM's routing prefixes. */
export function litellmModel(call: LitellmCall): Pick<SentUsage, "provider" | "model"> {
  const route = (
    call.custom_llm_provider ??
    prefixOf(call.model) ??
    UNKNOWN_PROVIDER
  ).toLowerCase();
  const provider = PROVIDERS.get(route) ?? route;
  const isDeployment = NAMES_DEPLOYMENTS.has(provider) || AWS_RESOURCE.test(call.model);
  const named = isDeployment ? call.model_map_information?.model_map_key : undefined;
  const model = normalisedModel(named ?? call.model);
  return { provider, model: withoutRoute(model, route, provider) };
}

function prefixOf(model: string): string | undefined {
  return model.includes("/") ? model.split("/", 1)[0] : undefined;
}

/** `bedrock/converse/us.anthropic.…` is a Bedrock model; `openrouter/anthropic/…` keeps its maker. */
function withoutRoute(model: string, route: string, provider: string): string {
  const prefix = prefixOf(model);
  if (
    prefix === undefined ||
    (prefix !== route && PROVIDERS.get(prefix) !== provider && prefix !== provider)
  ) {
    return model;
  }
  const rest = model.slice(prefix.length + 1);
  return provider === "aws" && !AWS_RESOURCE.test(rest)
    ? rest.slice(rest.lastIndexOf("/") + 1)
    : rest;
}
