import { deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { requestBytes } from "../../../functions/http/request-body.ts";
import { anApiGatewayEvent } from "../../support/api-gateway-events.ts";

const MIB = 1024 * 1024;

const bytesOf = (body: string | Uint8Array | undefined, headers: Record<string, string> = {}) =>
  requestBytes(anApiGatewayEvent({ routeKey: "POST /v1/logs", body, headers }));

describe("requestBytes", () => {
  test("gives text as it was sent", () => {
    expect(bytesOf('{"é":1}')).toEqual({ kind: "body", bytes: Buffer.from('{"é":1}') });
  });

  test("decodes base64, which API Gateway makes of types that are not text", () => {
    const bytes = Uint8Array.from([0x0a, 0xff, 0x00]);

    expect(bytesOf(bytes)).toEqual({ kind: "body", bytes: Buffer.from(bytes) });
  });

  test("no body is no bytes", () => {
    expect(bytesOf(undefined)).toEqual({ kind: "body", bytes: Buffer.alloc(0) });
  });

  test.each([
    ["with its header", { "content-encoding": "gzip" }],
    ["without its header, as some gateways drop it", {}],
  ])("inflates gzip %s", (_, headers) => {
    expect(bytesOf(gzipSync('{"a":1}'), headers)).toEqual({
      kind: "body",
      bytes: Buffer.from('{"a":1}'),
    });
  });

  test("leaves alone what a gateway has inflated and still calls gzip", () => {
    expect(bytesOf('{"a":1}', { "content-encoding": "gzip" })).toEqual({
      kind: "body",
      bytes: Buffer.from('{"a":1}'),
    });
  });

  test("leaves other encodings alone: what follows says that it cannot read them", () => {
    const bytes = deflateSync("{}");

    expect(bytesOf(bytes)).toEqual({ kind: "body", bytes });
  });

  test.each([
    ["cut off", gzipSync("a".repeat(100)).subarray(0, 15)],
    ["nothing but its mark", Uint8Array.from([0x1f, 0x8b])],
    ["damaged", gzipSync("hello").map((byte, at) => (at > 9 ? byte ^ 0x5a : byte))],
  ])("refuses gzip that is %s", (_, bytes) => {
    expect(bytesOf(bytes)).toMatchObject({ kind: "refused", status: 400 });
  });

  test("refuses a small body that inflates to more than 20 MiB, and never builds it", () => {
    const bomb = gzipSync(Buffer.alloc(128 * MIB));
    const before = process.memoryUsage().rss;

    const body = bytesOf(bomb);

    expect(body).toMatchObject({ kind: "refused", status: 413 });
    expect(process.memoryUsage().rss - before).toBeLessThan(48 * MIB);
  });

  test("refuses a body that grows more than 200 times, however small it is", () => {
    expect(bytesOf(gzipSync(Buffer.alloc(MIB)))).toEqual({
      kind: "refused",
      status: 413,
      message: "body must not grow more than 200 times on inflation",
    });
  });

  test("refuses a plain body of more than 20 MiB", () => {
    expect(bytesOf("x".repeat(20 * MIB + 1))).toMatchObject({ kind: "refused", status: 413 });
  });
});
