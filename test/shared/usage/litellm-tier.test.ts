import { describe, expect, test } from "vitest";
import { usageFromLitellm } from "../../../shared/usage/litellm.ts";
import { aLitellmPayload } from "../../support/litellm-payloads.ts";

const USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

function tierOf(overrides: Parameters<typeof aLitellmPayload>[0]): string | undefined {
  const [event] = usageFromLitellm([{ kind: "value", value: aLitellmPayload(overrides) }], {
    nowMs: Date.UTC(2026, 10, 22),
    maySend: () => true,
  }).accepted;
  if (event === undefined) {
    throw new Error("the payload must be one that is accepted");
  }
  return event.tier;
}

describe("litellmTier", () => {
  test.each([
    ["nothing said", {}, undefined],
    ["what the provider answered", { usage: { ...USAGE, service_tier: "priority" } }, "priority"],
    ["in upper case, as Vertex AI has it", { usage: { ...USAGE, service_tier: "FLEX" } }, "flex"],
    [
      "the standard tier by another name",
      { usage: { ...USAGE, service_tier: "default" } },
      undefined,
    ],
    ["what was asked for", { model_parameters: { service_tier: "flex" } }, "flex"],
    ["whatever there is, asked for", { model_parameters: { service_tier: "auto" } }, undefined],
    [
      "an answer that differs from what was asked for",
      {
        model_parameters: { service_tier: "priority" },
        usage: { ...USAGE, service_tier: "standard" },
      },
      undefined,
    ],
    ["a batch that is fetched", { call_type: "aretrieve_batch" }, "batch"],
    [
      "a tier that nobody knows: no list price is its own",
      { usage: { ...USAGE, service_tier: "scale" } },
      "scale",
    ],
    ["no text", { usage: { ...USAGE, service_tier: 7 } }, undefined],
  ])("%s", (_, overrides, tier) => {
    expect(tierOf(overrides)).toBe(tier);
  });
});
