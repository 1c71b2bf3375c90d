import { expect, test } from "vitest";
import { usageFromLitellm } from "../../../shared/usage/litellm.ts";
import { aLitellmPayload } from "../../support/litellm-payloads.ts";

function modelOf(overrides: Parameters<typeof aLitellmPayload>[0]) {
  const [event] = usageFromLitellm([{ kind: "value", value: aLitellmPayload(overrides) }], {
    nowMs: Date.UTC(2026, 10, 22),
    maySend: () => true,
  }).accepted;
  return [event?.provider, event?.model];
}

test.each([
  ["anthropic", "claude-sonnet-4-5", "anthropic", "claude-sonnet-4-5"],
  ["anthropic", "anthropic/Claude-Sonnet-4-5", "anthropic", "claude-sonnet-4-5"],
  ["openai", "gpt-5.1", "openai", "gpt-5.1"],
  ["bedrock", "bedrock/us.anthropic.claude-x-v1:0", "aws", "us.anthropic.claude-x-v1:0"],
  ["bedrock", "bedrock/converse/anthropic.claude-x", "aws", "anthropic.claude-x"],
  ["bedrock_converse", "bedrock/eu-west-1/anthropic.claude-x", "aws", "anthropic.claude-x"],
  ["vertex_ai", "vertex_ai/claude-sonnet-4-5@20250929", "google", "claude-sonnet-4-5@20250929"],
  ["gemini", "gemini/gemini-2.5-pro", "google", "gemini-2.5-pro"],
  ["xai", "xai/grok-4", "x-ai", "grok-4"],
  ["together_ai", "together_ai/meta-llama/Llama-3.3", "together", "meta-llama/llama-3.3"],
  ["openrouter", "openrouter/anthropic/claude-x", "openrouter", "anthropic/claude-x"],
  ["hosted_vllm", "hosted_vllm/qwen3", "hosted_vllm", "qwen3"],
  ["openai", "org/fine-tune", "openai", "org/fine-tune"],
  [null, "groq/llama-3", "groq", "llama-3"],
  [null, "llama-3", "unknown", "llama-3"],
])("provider %j and model %j are %s and %s", (custom_llm_provider, model, provider, expected) => {
  expect(modelOf({ custom_llm_provider, model })).toEqual([provider, expected]);
});

test.each([
  ["azure", "azure/prod-chat", "azure/gpt-5.1", ["azure", "gpt-5.1"]],
  [
    "bedrock",
    "bedrock/arn:aws:bedrock:us-east-1:1:application-inference-profile/x",
    "eu.anthropic.claude-x",
    ["aws", "eu.anthropic.claude-x"],
  ],
])(
  "a deployment of %s is priced by the model that LiteLLM knows it as",
  (custom_llm_provider, model, model_map_key, expected) => {
    const model_map_information = { model_map_key };

    expect(modelOf({ custom_llm_provider, model, model_map_information })).toEqual(expected);
  },
);

test("a deployment of which LiteLLM knows no model keeps its name, and shows as unpriced", () => {
  const model_map_information = { model_map_key: "" };

  expect(
    modelOf({ custom_llm_provider: "azure", model: "azure/prod-chat", model_map_information }),
  ).toEqual(["azure", "prod-chat"]);
});
