import { readFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as the API got it. */
export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

export type Answer = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is, anything else as JSON. `hang-up` closes the connection without an answer. */
  readonly body?: unknown;
};

export type LoopbackApi = {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** What it answers from now on. */
  readonly answerWith: (answer: (asked: Asked) => Answer | "hang-up") => void;
  readonly close: () => Promise<void>;
};

/**
 * A provider's API on this machine: real HTTP, recorded answers.
 *
 * @param options `silent`: it takes requests and never answers.
 */
export async function loopbackApi({ silent = false } = {}): Promise<LoopbackApi> {
  const asked: Asked[] = [];
  let answer: (asked: Asked) => Answer | "hang-up" = () => ({ status: 404 });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://loopback");
      const one: Asked = {
        method: request.method ?? "",
        path: pathname,
        query: searchParams,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      asked.push(one);
      if (silent) {
        return;
      }
      const given = answer(one);
      if (given === "hang-up") {
        request.socket.destroy();
        return;
      }
      const { status = 200, headers = {}, body = "" } = given;
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A cast: of a TCP server it is an address.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    answerWith: (next) => {
      answer = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A recorded answer, to be changed at will. */
// biome-ignore lint/suspicious/noExplicitAny: recorded JSON has no type of its own.
export function recorded(path: string): any {
  return JSON.parse(readFileSync(new URL(`../fixtures/${path}`, import.meta.url), "utf8"));
}
