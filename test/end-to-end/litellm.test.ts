import { afterAll, beforeAll, expect, test } from "vitest";
import { aLitellmPayload } from "../support/litellm-payloads.ts";
import {
  apiRequestAttributes,
  CALL_TIME_MS,
  logRecordJson,
  logsBody,
} from "../support/otlp-bodies.ts";
import { fixture, type RunningStack, runStack } from "../support/running-stack.ts";

const FIXTURE_NANO_USD = 16_959_000n;

let stack: RunningStack;

beforeAll(async () => {
  stack = await runStack();
});
afterAll(() => stack.host.close());

test("what a LiteLLM proxy sends is in the ledger and in the day's roll-up once, in every format", async () => {
  const lines = JSON.stringify(aLitellmPayload({ messages: [{ content: "canary-7d21" }] }));
  const bodies = [
    fixture("litellm/generic-api.json-array.json"),
    fixture("litellm/generic-api.json-array.json"),
    fixture("litellm/generic-api.single.json"),
    `${lines}\n${lines}`,
  ];

  for (const body of bodies) {
    expect((await stack.post("/v1/litellm", body)).status).toBe(200);
  }
  await stack.host.idle();

  expect(await stack.ledger()).toMatchObject({
    entries: 1,
    calls: 1,
    costNanoUsd: FIXTURE_NANO_USD,
  });
  expect(await stack.rolledUpNanoUsd()).toBe(FIXTURE_NANO_USD);
  const stored = await stack.everythingStored();
  expect(stored).not.toContain("canary-7d21");
  expect(stored).not.toContain("user-017-laptop");
});

test("a call that Claude Code reports too counts once, and nothing is kept aside", async () => {
  const before = await stack.ledger();
  const call = apiRequestAttributes({ request_id: "req_seen_twice" });
  const payload = aLitellmPayload({
    endTime: CALL_TIME_MS / 1000,
    hidden_params: { additional_headers: { "llm_provider-request-id": "req_seen_twice" } },
    metadata: {
      requester_custom_headers: {
        "x-claude-code-session-id": "9d0bbe99-d739-49a1-8651-3907cc2ba04b",
      },
    },
  });

  await stack.post("/v1/logs", JSON.stringify(logsBody([logRecordJson(call)])));
  const answer = await stack.post("/v1/litellm", JSON.stringify(payload));

  expect(await answer.json()).toMatchObject({ duplicate: 1, quarantined: 0 });
  const after = await stack.ledger();
  expect(after.costNanoUsd - before.costNanoUsd).toBe(FIXTURE_NANO_USD);
});
