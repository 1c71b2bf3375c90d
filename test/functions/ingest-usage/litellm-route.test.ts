import { describe, expect, test } from "vitest";
import { foldUserDay } from "../../../shared/ledger/fold-user-day.ts";
import { REQUESTS_FIRST } from "../../../shared/ledger/grain-authority.ts";
import { LedgerUnavailableError } from "../../../shared/ports/usage-ledger.ts";
import { genaiPriceBook } from "../../../shared/pricing/genai-price-book.ts";
import { aLitellmPayload, litellmPayloads } from "../../support/litellm-payloads.ts";
import {
  apiRequestAttributes,
  CALL_TIME_MS,
  fixtureBytes,
  logRecordJson,
  logsBody,
} from "../../support/otlp-bodies.ts";
import { jsonOf, pseudonymise, setup } from "./ingest-usage-setup.ts";

const ARRAY = JSON.stringify(litellmPayloads());

describe("POST /v1/litellm", () => {
  test("stores calls, and says of each item what became of it", async () => {
    const { post, ledger, metrics } = setup();

    const answer = await post({ path: "litellm", body: ARRAY });

    expect(answer.statusCode).toBe(200);
    expect(jsonOf(answer)).toEqual({
      received: 1,
      committed: 1,
      duplicate: 0,
      quarantined: 0,
      rejected: 0,
      results: [
        { index: 0, id: "chatcmpl-0b6f0c1e-1", status: "committed" },
        { index: 1, id: "chatcmpl-0b6f0c1e-2", status: "ignored", message: "cache-hit" },
        {
          index: 2,
          id: "chatcmpl-0b6f0c1e-3",
          status: "ignored",
          message: "failure-without-usage",
        },
      ],
    });
    expect(ledger.events()).toMatchObject([
      { tool: "litellm", user: pseudonymise("user-017@example.com"), attribution: "asserted" },
    ]);
    expect(metrics).toMatchObject([{ Received: 1, Committed: 1 }]);
  });

  test("says in the log how many items were ignored, and why", async () => {
    const { post, logs } = setup();

    await post({ path: "litellm", body: ARRAY });

    expect(logs()).toContain('"cache-hit":1');
  });

  test("an item after ignored ones keeps its own place", async () => {
    const { post } = setup();
    const [call, cacheHit, failure] = litellmPayloads();
    const lines = [cacheHit, { ...call, prompt_tokens: -1 }, failure, call];

    const answer = await post({
      path: "litellm",
      body: lines.map((line) => JSON.stringify(line)).join("\n"),
    });

    expect(jsonOf(answer)).toMatchObject({
      received: 2,
      results: [
        { index: 0, status: "ignored" },
        { index: 1, status: "rejected", path: "prompt_tokens" },
        { index: 2, status: "ignored" },
        { index: 3, status: "committed" },
      ],
    });
  });

  test("sent again, in other batches and in every format, the calls count once", async () => {
    const { post, ledger } = setup();
    const calls = Array.from({ length: 30 }, (_, at) =>
      aLitellmPayload({ id: `msg_${at}`, endTime: 1_795_299_912.625 + at }),
    );
    const bodies = [
      JSON.stringify(calls),
      JSON.stringify(calls.toReversed()),
      calls.map((call) => JSON.stringify(call)).join("\n"),
      JSON.stringify(calls.slice(5, 20)),
      ...calls.map((call) => JSON.stringify(call, null, 1)),
    ];

    for (const body of bodies) {
      const answer = await post({ path: "litellm", body });
      expect(answer.statusCode).toBe(200);
    }

    expect(ledger.events()).toHaveLength(30);
  });

  test("takes payloads that hold a whole conversation and its tools", async () => {
    const { post, ledger } = setup();
    const messages = Array.from({ length: 8_000 }, (_, at) => ({ role: "user", content: `${at}` }));
    const body = [
      aLitellmPayload({ messages }),
      aLitellmPayload({ id: "msg_2", messages: null }),
    ].map((call) => JSON.stringify(call));

    await post({ path: "litellm", body: `[${body.join(",")}]` });
    const again = await post({ path: "litellm", body: body.join("\n") });

    expect(jsonOf(again)).toMatchObject({ duplicate: 2 });
    expect(ledger.events()).toHaveLength(2);
  });

  test("nothing of a message, a response or a key is stored, logged or answered", async () => {
    const canary = "canary-7d21";
    const { post, ledger, quarantine, logs } = setup();
    const secrets = {
      messages: [{ content: canary }],
      response: { content: canary },
      request_tags: [canary],
      model_parameters: { api_key: canary },
      metadata: { user_api_key_hash: canary, user_api_key_alias: canary },
    };
    const body = JSON.stringify([
      aLitellmPayload(secrets),
      aLitellmPayload({ ...secrets, id: "ahead", endTime: Date.UTC(2030, 0, 1) / 1000 }),
      { ...aLitellmPayload(secrets), completion_tokens: canary },
    ]);

    const answer = await post({ path: "litellm", body });

    expect(jsonOf(answer)).toMatchObject({ committed: 1, quarantined: 1, rejected: 1 });
    const kept = JSON.stringify([...ledger.events(), ...quarantine.records()], (_, value) =>
      typeof value === "bigint" ? String(value) : value,
    );
    expect(kept + logs() + answer.body).not.toContain(canary);
  });

  test.each([
    ["litellm", 200],
    ["any", 200],
    ["claude-code", 403],
    ["usage", 403],
    ["outcomes", 403],
  ])("a key for %s is answered %i", async (source, status) => {
    const { post, ledger } = setup();

    const answer = await post({ path: "litellm", body: ARRAY, sender: { keyId: "k1", source } });

    expect(answer.statusCode).toBe(status);
    expect(ledger.events()).toHaveLength(status === 200 ? 1 : 0);
  });

  test("a key of one person books all of it on that person, whatever LiteLLM says", async () => {
    const { post, ledger } = setup();

    await post({
      path: "litellm",
      body: ARRAY,
      sender: { keyId: "k1", source: "litellm", user: "the-user-of-the-key" },
    });

    expect(ledger.events()).toMatchObject([{ user: "the-user-of-the-key", attribution: "bound" }]);
  });

  test.each([
    ["{", "application/json", 400],
    ["", "application/json", 400],
    [`{"id":${"[".repeat(1_000)}`, "application/json", 400],
    ["[]", "text/plain", 415],
  ])("the body %j as %s is answered %i, in our own format", async (body, type, status) => {
    const { post } = setup();

    const answer = await post({ path: "litellm", body, type });

    expect(answer.statusCode).toBe(status);
    expect(jsonOf(answer)).toEqual({ error: { message: expect.any(String) } });
  });

  test("the stringified payload of LiteLLM's first version is refused, and the field is named", async () => {
    const { post } = setup();
    const stringified = { id: "a", startTime: "2026-11-21 22:25:00", usage: "Usage(…)" };

    const answer = await post({ path: "litellm", body: JSON.stringify([stringified]) });

    expect(answer.statusCode).toBe(400);
    expect(jsonOf(answer)).toMatchObject({ results: [{ status: "rejected", path: "status" }] });
  });

  test("a ledger that is not there is a 503 in our own format", async () => {
    const { post } = setup({
      ledger: {
        append: async () => {
          throw new LedgerUnavailableError(new Error("throttled"), 3);
        },
      },
    });

    const answer = await post({ path: "litellm", body: ARRAY });

    expect(answer).toMatchObject({ statusCode: 503, headers: { "retry-after": "3" } });
    expect(jsonOf(answer)).toEqual({ error: { message: expect.any(String) } });
  });
});

describe("a call that Claude Code and LiteLLM both report", () => {
  const user = pseudonymise("user-017@example.com");
  const fold = (events: Parameters<typeof foldUserDay>[2]) =>
    foldUserDay(user, "2026-11-21", events, {
      priceBook: genaiPriceBook(),
      authority: REQUESTS_FIRST,
    }).userDay;
  const telemetry = JSON.stringify(
    logsBody([logRecordJson(apiRequestAttributes({ request_id: "req_9" }))]),
  );
  const fromGateway = (overrides: Readonly<Record<string, unknown>> = {}) =>
    JSON.stringify(
      aLitellmPayload({
        endTime: CALL_TIME_MS / 1000,
        hidden_params: { additional_headers: { "llm_provider-request-id": "req_9" } },
        ...overrides,
      }),
    );

  test.each([
    ["telemetry first", ["logs", "litellm"]],
    ["the gateway first", ["litellm", "logs"]],
  ] as const)("counts once in the day of its user, %s", async (_, order) => {
    const { post, ledger } = setup();

    for (const path of order) {
      await post({ path, body: path === "logs" ? telemetry : fromGateway() });
    }

    expect(ledger.events()).toHaveLength(2);
    expect(fold(ledger.events())).toMatchObject({ calls: 1, costNanoUsd: 16_959_000n });
  });

  test("in the same session and minute it is a duplicate, which needs nobody's attention", async () => {
    const { post, ledger, quarantine } = setup();
    const session = { "x-claude-code-session-id": "9d0bbe99-d739-49a1-8651-3907cc2ba04b" };
    await post({ path: "logs", body: telemetry });

    const answer = await post({
      path: "litellm",
      body: fromGateway({ metadata: { requester_custom_headers: session } }),
    });

    expect(jsonOf(answer)).toMatchObject({ duplicate: 1, quarantined: 0 });
    expect(ledger.events()).toHaveLength(1);
    expect(quarantine.records()).toEqual([]);
  });

  test("under two names of one person it is two entries, wherever the directory has them: their place is of the event alone", async () => {
    const { post, ledger } = setup();
    const names = { user_api_key_user_email: null, user_api_key_user_id: "u-17" };
    await post({ path: "logs", body: telemetry });

    await post({ path: "litellm", body: fromGateway({ metadata: names }) });

    expect(new Set(ledger.events().map((event) => event.user))).toEqual(
      new Set([user, pseudonymise("litellm:u-17")]),
    );
  });

  test("the fixture's single body is the first of its array", async () => {
    const { post, ledger } = setup();

    await post({ path: "litellm", body: fixtureBytes("litellm/generic-api.json-array.json") });
    await post({ path: "litellm", body: fixtureBytes("litellm/generic-api.single.json") });

    expect(ledger.events()).toHaveLength(1);
  });
});
