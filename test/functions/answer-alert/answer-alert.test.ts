import { beforeEach, describe, expect, test, vi } from "vitest";
import { signedToken } from "../../../functions/adapters/answer-links.ts";
import { answerAlertHandler } from "../../../functions/answer-alert/answer-alert.ts";
import { aWindowAlert } from "../../support/alerts.ts";
import { aContext, anApiGatewayEvent } from "../../support/api-gateway-events.ts";
import { textOfPage } from "../../support/html-page.ts";
import { inMemoryAlertOutbox } from "../../support/in-memory-alert-outbox.ts";

const SECRET = "k".repeat(64);
const NOW_MS = Date.parse("2026-10-13T08:02:00Z");
const LATER_MS = Date.parse("2026-11-12T00:00:00Z");
const LINK = {
  id: "week-user-017-2026-10-12",
  decided: "2026-10-12",
  lastDay: "2026-11-11",
  owner: "owner-shop",
};
const TOKEN = signedToken(LINK, SECRET);
const FORM = { "content-type": "application/x-www-form-urlencoded" };

type Sent = {
  readonly token?: string;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly nowMs?: number;
};

async function setup({ secrets = [SECRET] }: { readonly secrets?: readonly string[] } = {}) {
  const { record, register } = inMemoryAlertOutbox();
  await record(aWindowAlert(), NOW_MS);
  const clock = { nowMs: NOW_MS };
  const handler = answerAlertHandler({
    register,
    linkSecrets: () => Promise.resolve(secrets),
    nowMs: () => clock.nowMs,
    emitMetrics: () => expect.unreachable("nothing failed"),
  });
  const send = async (method: string, { token = TOKEN, body, headers = {}, nowMs }: Sent) => {
    clock.nowMs = nowMs ?? NOW_MS;
    const event = anApiGatewayEvent({
      routeKey: `${method} /v1/alerts/{link}`,
      pathParameters: { link: token },
      authorizer: undefined,
      headers,
      body,
    });
    const { statusCode, body: page = "", headers: answered } = await handler(event, aContext());
    return { status: statusCode, page, text: textOfPage(page), headers: answered };
  };
  return {
    get: (sent: Sent = {}) => send("GET", sent),
    head: (sent: Sent = {}) => send("HEAD", sent),
    post: (body: string | Uint8Array, sent: Sent = {}) =>
      send("POST", { headers: FORM, ...sent, body }),
    answers: async () => (await register.find(LINK))?.answers,
  };
}

beforeEach(() => {
  vi.spyOn(console, "info").mockReturnValue();
  vi.spyOn(console, "error").mockReturnValue();
});

describe("GET", () => {
  test("shows the alert, and records nothing, however often it is opened", async () => {
    const { answers, get } = await setup();

    const pages = await Promise.all([get(), get(), get()]);

    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(pages[0]?.text).toContain("What was this spend?");
    expect(await answers()).toBeUndefined();
  });

  test("records nothing even if it carries a form", async () => {
    const { answers, get } = await setup();

    expect((await get({ body: "answer=waste", headers: FORM })).status).toBe(200);
    expect(await answers()).toBeUndefined();
  });

  test("shows what was answered", async () => {
    const { get, post } = await setup();
    await post("answer=planned");

    expect((await get()).text).toContain("Answered: planned");
  });
});

describe("HEAD", () => {
  test("is answered as GET without a body, and records nothing, as link scanners send it", async () => {
    const { answers, get, head } = await setup();

    const asked = await head({ body: "answer=waste", headers: FORM });

    expect(asked).toEqual({ ...(await get()), page: "", text: "" });
    expect(asked.status).toBe(200);
    expect(await answers()).toBeUndefined();
  });

  test("of a link that is over, or is none of ours, says so by its status alone", async () => {
    const { head } = await setup();

    expect(await head({ nowMs: LATER_MS })).toMatchObject({ status: 410, page: "" });
    expect(await head({ token: "guessed" })).toMatchObject({ status: 404, page: "" });
  });
});

describe("POST", () => {
  test("records the answer of the owner's link, and shows what it changes", async () => {
    const { answers, post } = await setup();

    const { status, text } = await post("answer=planned");

    expect(status).toBe(200);
    expect(text).toContain("Recorded: planned");
    expect(text).toContain("From the next night on, later weeks are measured against");
    expect(await answers()).toEqual({
      last: { answer: "planned", by: "owner-shop", via: "link", atMs: NOW_MS },
      earlier: [],
    });
  });

  test("is by the link of whoever the message went to, also if the alert was decided for another", async () => {
    const { answers, post } = await setup();
    const token = signedToken({ ...LINK, owner: "owner-rest" }, SECRET);

    expect((await post("answer=waste", { token })).text).toContain("by the link of owner-rest.");
    expect(await answers()).toMatchObject({ last: { by: "owner-rest", via: "link" } });
  });

  test("again, the same changes nothing, not even when it was given", async () => {
    const { answers, post } = await setup();
    await post("answer=planned");

    expect((await post("answer=planned", { nowMs: NOW_MS + 60_000 })).status).toBe(200);
    expect(await answers()).toMatchObject({ last: { atMs: NOW_MS }, earlier: [] });
  });

  test("another answer takes its place", async () => {
    const { answers, post } = await setup();
    await post("answer=planned");

    const { text } = await post("answer=waste");

    expect(text).toContain("Before, it was planned, by the link of owner-shop.");
    expect(await answers()).toMatchObject({ last: { answer: "waste" }, earlier: [{}] });
  });

  test("is read in base64 too, and with a charset, as a gateway and a browser may send it", async () => {
    const { answers, post } = await setup();
    const headers = { "Content-Type": "Application/X-WWW-Form-Urlencoded; charset=UTF-8" };

    expect((await post(Buffer.from("answer=expected"), { headers })).status).toBe(200);
    expect(await answers()).toMatchObject({ last: { answer: "expected" } });
  });

  test.each<[string, string | Uint8Array, Readonly<Record<string, string>>, number]>([
    ["an unknown answer", "answer=gaming", FORM, 400],
    ["no answer", "", FORM, 400],
    ["two answers", "answer=waste&answer=planned", FORM, 400],
    ["another field", "answer=waste&by=somebody", FORM, 400],
    ["bytes that are no UTF-8", new Uint8Array([0xff, 0xfe]), FORM, 400],
    ["too much", `answer=waste${"&".repeat(1_100)}`, FORM, 413],
    ["JSON", '{"answer":"waste"}', { "content-type": "application/json" }, 415],
    ["no type", "answer=waste", {}, 415],
    [
      "text, as a form elsewhere could send it",
      "answer=waste",
      { "content-type": "text/plain" },
      415,
    ],
  ])("takes no answer from %s, and says so", async (_, body, headers, status) => {
    const { answers, post } = await setup();

    const answered = await post(body, { headers });

    expect(answered.status).toBe(status);
    expect(answered.text).toContain("That was no answer Nothing was recorded.");
    expect(await answers()).toBeUndefined();
  });
});

describe("a link", () => {
  const stranger = signedToken({ ...LINK, id: "week-user-018-2026-10-12" }, SECRET);
  const otherDay = signedToken({ ...LINK, decided: "2026-10-13" }, SECRET);

  test("that is over says so, and takes no answer", async () => {
    const { answers, get, post } = await setup();

    const pages = [await get({ nowMs: LATER_MS }), await post("answer=waste", { nowMs: LATER_MS })];

    for (const { status, text } of pages) {
      expect(status).toBe(410);
      expect(text).toContain("This link has expired");
    }
    expect(await answers()).toBeUndefined();
  });

  test("with a wrong signature, and of an alert that does not exist, look the same", async () => {
    const { answers, get, post } = await setup();
    const tokens = [
      `${TOKEN.slice(0, -1)}g`,
      TOKEN.replace(".2026", ".2025"),
      "",
      stranger,
      otherDay,
    ];

    const opened = await Promise.all(tokens.map((token) => get({ token })));
    const posted = await Promise.all(tokens.map((token) => post("answer=waste", { token })));

    expect(
      new Set([...opened, ...posted].map(({ page, status }) => `${status} ${page}`)).size,
    ).toBe(1);
    expect(opened[0]).toMatchObject({ status: 404 });
    expect(opened[0]?.text).toContain("This link leads to no alert");
    expect(await answers()).toBeUndefined();
  });

  test("is signed by nobody if there is no secret", async () => {
    const { get } = await setup({ secrets: [] });

    expect((await get({ token: signedToken(LINK, "") })).status).toBe(404);
  });

  test("is never logged: whoever reads the log could answer with it", async () => {
    const { get, post } = await setup();
    const [info, error] = [vi.mocked(console.info), vi.mocked(console.error)];

    await get();
    await post("answer=planned");
    await get({ token: `${TOKEN}0` });

    const logged = JSON.stringify([info.mock.calls, error.mock.calls]);
    expect(logged).toContain('"answered":"planned"');
    expect(logged).toContain('"turnedAway":"unknown"');
    expect(logged).not.toContain(TOKEN.slice(0, 30));
  });
});

describe("a store that cannot be reached", () => {
  test.each([
    ["GET", expect.stringContaining("Try again in a minute.")],
    ["HEAD", ""],
  ])(
    "is a page that says to try again, and no missing alert; operators learn of it: %s",
    async (method, text) => {
      const emitMetrics = vi.fn();
      const handler = answerAlertHandler({
        register: {
          find: () => Promise.reject(new Error("throttled")),
          answer: () => Promise.reject(new Error("throttled")),
        },
        linkSecrets: () => Promise.resolve([SECRET]),
        nowMs: () => NOW_MS,
        emitMetrics,
      });
      const event = anApiGatewayEvent({
        routeKey: `${method} /v1/alerts/{link}`,
        pathParameters: { link: TOKEN },
        authorizer: undefined,
      });

      const { body = "", headers, statusCode } = await handler(event, aContext());

      expect(statusCode).toBe(503);
      expect(emitMetrics).toHaveBeenCalledExactlyOnceWith({ AnswersFailed: 1 });
      expect(headers).toMatchObject({ "retry-after": "2", "cache-control": "no-store" });
      expect(textOfPage(body)).toEqual(text);
    },
  );
});
