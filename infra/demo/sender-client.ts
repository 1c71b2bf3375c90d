import { Agent, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

export type Answer = {
  readonly status: number;
  readonly body: Buffer;
};

export type Post = {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

/** Sends as clients do: over kept-alive connections, again after 429 and 503. */
export type SenderClient = {
  /**
   * The first answer that does not ask to send again.
   *
   * @throws {Error} if the server still asks so after several attempts.
   */
  readonly post: (post: Post) => Promise<Answer>;
  readonly requests: () => number;
  readonly close: () => void;
};

const ATTEMPTS = 6;
const LONGEST_PAUSE_MS = 2_000;

export function senderClient(apiUrl: string, connections: number): SenderClient {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let requests = 0;
  const once = ({ path, headers, body }: Post) => {
    requests += 1;
    return new Promise<Answer & { readonly retryAfterMs: number }>((resolve, reject) => {
      const outgoing = request(new URL(path, apiUrl), {
        agent,
        method: "POST",
        headers: { ...headers, "Content-Length": body.length },
      });
      outgoing.once("error", reject);
      outgoing.once("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.once("error", reject);
        response.once("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(chunks),
            retryAfterMs: Number(response.headers["retry-after"] ?? 1) * 1_000,
          }),
        );
      });
      outgoing.end(body);
    });
  };
  return {
    post: async (post) => {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        const answer = await once(post);
        if (answer.status !== 429 && answer.status !== 503) {
          return answer;
        }
        await pause(Math.min(LONGEST_PAUSE_MS, answer.retryAfterMs));
      }
      throw new Error(`${post.path} asked to send again, ${ATTEMPTS} times`);
    },
    requests: () => requests,
    close: () => agent.destroy(),
  };
}

/** Works on the items in order, so many at once; stops at the first error. */
export async function eachAtOnce<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) {
      await work(item, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
