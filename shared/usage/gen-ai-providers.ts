/** Values of `gen_ai.provider.name`, and of `gen_ai.system` before it, in the price book's names. */
const PROVIDERS: ReadonlyMap<string, string> = new Map([
  ["anthropic", "anthropic"],
  ["aws.bedrock", "aws"],
  ["aws_bedrock", "aws"],
  ["azure.ai.inference", "azure"],
  ["azure.ai.openai", "azure"],
  ["az.ai.inference", "azure"],
  ["az.ai.openai", "azure"],
  ["cohere", "cohere"],
  ["deepseek", "deepseek"],
  ["gcp.gemini", "google"],
  ["gcp.gen_ai", "google"],
  ["gcp.vertex_ai", "google"],
  ["gemini", "google"],
  ["vertex_ai", "google"],
  ["groq", "groq"],
  ["mistral_ai", "mistral"],
  ["moonshot_ai", "moonshotai"],
  ["openai", "openai"],
  ["perplexity", "perplexity"],
  ["x_ai", "x-ai"],
  ["xai", "x-ai"],
]);

/** The provider as the price book knows it. One that is not known keeps its own name, and its calls are unpriced. */
export function genAiProvider(sent: string): string {
  const name = sent.trim().toLowerCase();
  return PROVIDERS.get(name) ?? name;
}
