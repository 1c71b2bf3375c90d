import { describe, expect, test } from "vitest";
import { startText } from "../../../infra/local/start-text.ts";

const text = startText({
  apiUrl: "http://127.0.0.1:8787",
  senderKey: "outpace_key",
  webhookSecret: "webhook-secret",
  stateDir: ".outpace",
});

describe("startText", () => {
  test("gives lines to paste that hold the address and the key", () => {
    expect(text).toContain("export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:8787\n");
    expect(text).toContain('="Authorization=Bearer outpace_key"\n');
  });

  test("comments none of them: a shell such as zsh takes no comment in what is pasted", () => {
    const pasted = text.split("\n").filter((line) => line.trim().startsWith("export "));

    expect(pasted).toHaveLength(7);
    expect(pasted.filter((line) => line.includes("#"))).toEqual([]);
  });

  test("says where a webhook has to point, and its secret", () => {
    expect(text).toContain("http://127.0.0.1:8787/webhooks/github");
    expect(text).toContain("webhook-secret");
  });
});
