import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fetchExchange } from "../../../functions/adapters/http-exchange.ts";
import { type HttpRequest, NoAnswerError } from "../../../shared/ports/http-exchange.ts";
import { type LoopbackApi, loopbackApi } from "../../support/loopback-api.ts";

let api: LoopbackApi;
beforeEach(async () => {
  api = await loopbackApi();
});
afterEach(() => api.close());

function request(overrides: Partial<HttpRequest> = {}): HttpRequest {
  return {
    method: "GET",
    url: `${api.url}/page?sig=canary`,
    headers: { "x-key": "k" },
    timeoutMs: 5_000,
    ...overrides,
  };
}

describe("fetchExchange", () => {
  test("answers the status, the headers by any name in lower case, and the whole text", async () => {
    const text = "ä".repeat(100_000);
    api.answerWith(() => ({ status: 429, headers: { "Retry-After": "7" }, body: text }));

    const answer = await fetchExchange()(
      request({ method: "POST", body: "{}", headers: { "content-type": "application/json" } }),
    );

    expect([answer.status, answer.header("retry-after"), answer.header("other")]).toEqual([
      429,
      "7",
      undefined,
    ]);
    expect(answer.text).toBe(text);
    expect(api.asked[0]).toMatchObject({ method: "POST", path: "/page", body: "{}" });
  });

  test("gives up when the time is over, and does not say the address, which may be signed", async () => {
    const silent = await loopbackApi({ silent: true });

    const answer = fetchExchange()(
      request({ url: `${silent.url}/page?sig=canary`, timeoutMs: 50 }),
    );

    const error = await answer.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NoAnswerError);
    expect(JSON.stringify([String(error), (error as Error).cause])).not.toMatch(/canary|127\.0/);
    await silent.close();
  });

  test("answers a redirect as it is: the key does not go along", async () => {
    const other = await loopbackApi();
    api.answerWith(() => ({ status: 302, headers: { location: other.url } }));

    expect((await fetchExchange()(request())).status).toBe(302);
    expect(other.asked).toEqual([]);
    await other.close();
  });
});
