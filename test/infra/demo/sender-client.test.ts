import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { sendDeliveries } from "../../../infra/demo/outcome-feed.ts";
import { eachAtOnce, senderClient } from "../../../infra/demo/sender-client.ts";
import { sendTelemetry } from "../../../infra/demo/usage-feed.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) {
    close();
  }
});

type Answering = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

async function clientOf(answering: Answering) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.once("end", () => answering(request, response, Buffer.concat(chunks)));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const client = senderClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 2);
  closers.push(client.close, () => server.close());
  return client;
}

const POST = { path: "/v1/logs", headers: {}, body: Buffer.from("{}") };

describe("senderClient", () => {
  test("sends again after 503, as the server says, until it has an answer", async () => {
    const statuses = [503, 429, 200];
    const client = await clientOf((_request, response) => {
      response.writeHead(statuses.shift() ?? 500, { "retry-after": "0" }).end("done");
    });

    const answer = await client.post(POST);

    expect(answer.status).toBe(200);
    expect(answer.body.toString()).toBe("done");
    expect(client.requests()).toBe(3);
  });

  test("gives up on a server that never takes it: a lost record must not pass unseen", async () => {
    const client = await clientOf((_request, response) => {
      response.writeHead(503, { "retry-after": "0" }).end();
    });

    await expect(client.post(POST)).rejects.toThrow("asked to send again, 6 times");
  });

  test("a refusal is an answer, and is not sent again", async () => {
    const client = await clientOf((_request, response) => {
      response.writeHead(400).end();
    });

    expect((await client.post(POST)).status).toBe(400);
    expect(client.requests()).toBe(1);
  });
});

describe("eachAtOnce", () => {
  test("starts in order, and never more at once than said", async () => {
    const started: number[] = [];
    let running = 0;
    let most = 0;

    await eachAtOnce([1, 2, 3, 4, 5], 2, async (item) => {
      started.push(item);
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    });

    expect(started).toEqual([1, 2, 3, 4, 5]);
    expect(most).toBe(2);
  });
});

describe("sendTelemetry", () => {
  test("counts what was sent twice as received twice, and what the answer rejects or keeps aside", async () => {
    const bodies: string[] = [];
    const client = await clientOf((request, response, sent) => {
      const zipped = request.headers["content-encoding"] === "gzip";
      bodies.push((zipped ? gunzipSync(sent) : sent).toString());
      const partialSuccess = {
        rejectedLogRecords: "1",
        errorMessage: "a.b must be whole; 2 kept in quarantine: clock",
      };
      response.end(JSON.stringify(bodies.length === 3 ? { partialSuccess } : {}));
    });

    const answered = await sendTelemetry(
      client,
      "key",
      [
        { body: "one", records: 4, gzip: true },
        { body: "two", records: 6, gzip: false },
      ],
      { afterEach: () => undefined, atOnce: 1 },
    );

    expect(bodies).toEqual(["one", "one", "two"]);
    expect(answered).toEqual({ received: 14, quarantined: 2, rejected: 1 });
  });

  test("a body that is refused ends the demo: it is not what real clients send", async () => {
    const client = await clientOf((_request, response) => {
      response.writeHead(401).end("no such key");
    });

    const sending = sendTelemetry(client, "key", [{ body: "one", records: 1, gzip: false }], {
      afterEach: () => undefined,
    });

    await expect(sending).rejects.toThrow("answered 401: no such key");
  });
});

describe("sendDeliveries", () => {
  const delivery = {
    timeMs: 0,
    event: "push",
    id: "72d3162e-cc78-11e3-81ab-4c9367dc0958",
    body: "{}",
    outcomes: 1,
  } as const;

  test("adds up what the answers say", async () => {
    const client = await clientOf((_request, response) => {
      response.end(JSON.stringify({ results: [{ outcome: "committed" }] }));
    });

    const answered = await sendDeliveries(client, "secret", [delivery, delivery]);

    expect(answered).toEqual({ received: 2, committed: 2, duplicate: 0, quarantined: 0 });
  });

  test("an answer that sees fewer outcomes than were sent ends the demo: work would be lost", async () => {
    const client = await clientOf((_request, response) => {
      response.writeHead(202).end(JSON.stringify({ outcome: "ignored" }));
    });

    await expect(sendDeliveries(client, "secret", [delivery])).rejects.toThrow(
      "push was read as 0 outcomes",
    );
  });
});
