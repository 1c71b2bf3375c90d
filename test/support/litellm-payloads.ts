import { fixtureBodies } from "./otlp-bodies.ts";

type Json = Readonly<Record<string, unknown>>;

/** The fixture's three payloads: a call, the same answered from LiteLLM's cache, and a failure. */
export function litellmPayloads(): readonly Json[] {
  const [body] = fixtureBodies("litellm/generic-api.json-array.json");
  return body as readonly Json[];
}

type Overrides = Json & { readonly metadata?: Json; readonly usage?: Json };

/**
 * A payload of one call, of which a test says only what matters to it. `usage` is the whole
 * `usage_object`, whose counts are at the top level as well, as LiteLLM has them.
 */
export function aLitellmPayload({ usage, metadata, ...overrides }: Overrides = {}): Json {
  const [call = {}] = litellmPayloads();
  const { prompt_tokens, completion_tokens, total_tokens } = { ...call, ...usage };
  return {
    ...call,
    prompt_tokens,
    completion_tokens,
    total_tokens,
    metadata: {
      ...(call["metadata"] as Json),
      ...(usage === undefined ? {} : { usage_object: usage }),
      ...metadata,
    },
    ...overrides,
  };
}
