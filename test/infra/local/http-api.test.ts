import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Host, startHost } from "../../../infra/local/host.ts";
import { fixtureAssembly } from "./fixture/assembly.ts";

let host: Host;

beforeAll(async () => {
  host = await startHost({ assembly: await fixtureAssembly(), timers: false });
});
afterAll(() => host.close());

const post = (path: string, init: RequestInit = {}) =>
  fetch(host.apiUrl + path, { method: "POST", ...init });
const asked = (identity: string) =>
  host.logs("Authorize").filter((line) => line.includes(`asked about ${identity}"`)).length;

describe("an authorised route", () => {
  test("is refused without its identity source, and the authoriser is not asked", async () => {
    const before = host.logs("Authorize").length;

    const response = await post("/closed");

    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ message: "Unauthorized" });
    expect(host.logs("Authorize")).toHaveLength(before);
  });

  test("is forbidden when the authoriser says no", async () => {
    const response = await post("/closed", { headers: { authorization: "Bearer bad" } });

    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ message: "Forbidden" });
  });

  test("hands the authoriser's context to the function", async () => {
    const response = await post("/closed", { headers: { authorization: "Bearer good-1" } });

    expect(response.status).toBe(201);
    const { requestContext } = JSON.parse(await response.text());
    expect(requestContext.authorizer).toEqual({ lambda: { keyId: "good-1" } });
  });

  test("asks the authoriser once for an identity, as its answer is remembered", async () => {
    for (let request = 0; request < 3; request += 1) {
      await post("/closed", { headers: { authorization: "Bearer good-2" } });
    }
    await post("/closed", { headers: { authorization: "Bearer good-3" } });

    expect([asked("Bearer good-2"), asked("Bearer good-3")]).toEqual([1, 1]);
  });

  test("answers 500 when the authoriser fails, and asks it again the next time", async () => {
    const responses = [
      await post("/closed", { headers: { authorization: "Bearer broken" } }),
      await post("/closed", { headers: { authorization: "Bearer broken" } }),
    ];

    expect(responses.map(({ status }) => status)).toEqual([500, 500]);
    expect(asked("Bearer broken")).toBe(2);
  });
});

describe("a request", () => {
  test("reaches the function in payload format 2.0", async () => {
    const response = await post("/items/a%20b?x=1&x=2&y=", {
      headers: { "Content-Type": "text/plain", Cookie: "c=1; d=2", "X-Name": "v" },
      body: "text",
    });

    expect(response.status).toBe(201);
    expect(response.headers.get("x-seen")).toBe("1");
    expect(response.headers.getSetCookie()).toEqual(["a=1"]);
    const event = JSON.parse(await response.text());
    expect(event).toMatchObject({
      version: "2.0",
      routeKey: "POST /items/{id}",
      rawPath: "/items/a b",
      rawQueryString: "x=1&x=2&y=",
      cookies: ["c=1", "d=2"],
      queryStringParameters: { x: "1,2", y: "" },
      pathParameters: { id: "a b" },
      requestContext: {
        http: { method: "POST", protocol: "HTTP/1.1", sourceIp: "127.0.0.1" },
        stage: "$default",
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      },
      body: "text",
      isBase64Encoded: false,
    });
    expect(event.headers).toMatchObject({ "content-type": "text/plain", "x-name": "v" });
    expect(event.headers).not.toHaveProperty("cookie");
    expect(event.requestContext).not.toHaveProperty("authorizer");
  });

  test.each([
    ["protobuf", { "content-type": "application/x-protobuf" }, Buffer.from([0, 255])],
    [
      "compressed JSON",
      { "content-type": "application/json", "content-encoding": "gzip" },
      gzipSync("{}"),
    ],
  ])("with a body of %s comes as base64, since it is not text", async (_kind, headers, body) => {
    const response = await post("/items/1", { headers, body: new Uint8Array(body) });

    const event = JSON.parse(await response.text());
    expect(event).toMatchObject({ body: body.toString("base64"), isBase64Encoded: true });
  });

  test("takes the most specific route", async () => {
    const keys = await Promise.all(
      ["/items/latest", "/items/7", "/files/a/b"].map(async (path) => {
        const { routeKey, pathParameters } = JSON.parse(await (await post(path)).text());
        return [routeKey, pathParameters];
      }),
    );

    expect(keys).toEqual([
      ["ANY /items/latest", undefined],
      ["POST /items/{id}", { id: "7" }],
      ["POST /files/{path+}", { path: "a/b" }],
    ]);
  });

  test.each([
    ["no such path", "/nothing", "GET"],
    ["no such method", "/items/1", "DELETE"],
  ])("to %s is answered 404", async (_reason, path, method) => {
    const response = await fetch(host.apiUrl + path, { method });

    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ message: "Not Found" });
  });

  test.each([
    ["throws", 500, "Internal Server Error"],
    ["exits", 500, "Internal Server Error"],
    ["hangs", 503, "Service Unavailable"],
  ])("whose function %s is answered %i, and the next one is served", async (path, status, text) => {
    const response = await post(`/${path}`);

    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ message: text });
    expect((await post("/items/1")).status).toBe(201);
  });

  test("above 10 MB is refused", async () => {
    const response = await post("/items/1", { body: new Uint8Array(10 * 1024 * 1024 + 1) });

    expect(response.status).toBe(413);
  });
});
