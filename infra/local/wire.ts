import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { Agent, type IncomingMessage, request, type Server } from "node:http";

/** The only address that anything here listens on: the runtime has no authentication to speak of. */
export const LOOPBACK = "127.0.0.1";

export type WireRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body?: Buffer | string;
  readonly signal?: AbortSignal;
};

export type WireResponse = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders | OutgoingHttpHeaders;
  readonly body: Buffer;
};

export type Sender = {
  readonly send: (to: URL, message: WireRequest) => Promise<WireResponse>;
  readonly close: () => void;
};

/** An HTTP client that keeps its connections: the backends are asked thousands of times. */
export function keepAliveSender(): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const send = (to: URL, message: WireRequest) =>
    new Promise<WireResponse>((resolve, reject) => {
      const { method, path, body, signal } = message;
      const outgoing = request(
        {
          agent,
          hostname: to.hostname,
          port: to.port,
          method,
          path,
          headers: { ...message.headers, "content-length": Buffer.byteLength(body ?? "") },
          ...(signal === undefined ? {} : { signal }),
        },
        (response) => {
          readBody(response).then((content) => {
            resolve({
              status: response.statusCode ?? 502,
              headers: response.headers,
              body: content,
            });
          }, reject);
        },
      );
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  return { send, close: () => agent.destroy() };
}

export function readBody(message: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    message.on("data", (chunk: Buffer) => chunks.push(chunk));
    message.on("end", () =>
      resolve(chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks)),
    );
    message.on("error", reject);
    message.on("close", () => {
      if (!message.complete) {
        reject(new Error("the connection closed within a message"));
      }
    });
  });
}

/** Thrown when another process listens on the port. */
export class PortInUseError extends Error {
  override readonly name = "PortInUseError";
  readonly port: number;

  constructor(what: string, port: number) {
    super(`${what}: port ${port} is in use; stop the other process or choose another port`);
    this.port = port;
  }
}

/**
 * Listens on the loopback address; port 0 takes any free one.
 *
 * @throws {PortInUseError} if the port is taken.
 */
export async function listen(server: Server, port: number, what: string): Promise<URL> {
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "EADDRINUSE" ? new PortInUseError(what, port) : error);
    });
    server.listen(port, LOOPBACK, resolve);
  });
  const address = server.address();
  return new URL(`http://${LOOPBACK}:${typeof address === "object" ? address?.port : port}`);
}

export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
