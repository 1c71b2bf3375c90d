import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** A delivery as GitHub's API lists it. */
export type ListedDelivery = {
  readonly id: string;
  readonly guid: string;
  readonly delivered_at: string;
  readonly redelivery: boolean;
  readonly status_code: number;
};

type Refusal = { readonly status: number; readonly headers?: Readonly<Record<string, string>> };

export type GithubHookServer = {
  readonly url: string;
  /** Newest first, as the API lists them. */
  readonly deliveries: ListedDelivery[];
  /** Method, path and token of every request. */
  readonly requests: { readonly line: string; readonly authorization: string | undefined }[];
  /** Answers to give instead, one for each of the next requests. */
  readonly refusals: Refusal[];
  /** Ids of what it will not send again. */
  readonly gone: Set<string>;
  /** What a redelivery ends in. */
  outcome: number;
  readonly close: () => void;
};

const HOOK = "/repos/acme/widgets/hooks/12345678/deliveries";

/**
 * GitHub's REST API for the deliveries of one webhook, over HTTP on this machine: pages by a cursor in
 * the `Link` header, ids that are larger than a number can hold, redeliveries that are listed.
 */
export async function githubHookServer(
  deliveries: readonly ListedDelivery[],
  pageSize = 100,
): Promise<GithubHookServer> {
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const state: GithubHookServer = {
    url: `http://127.0.0.1:${port}`,
    deliveries: [...deliveries],
    requests: [],
    refusals: [],
    gone: new Set(),
    outcome: 200,
    close: () => server.close(),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "/", headers } = request;
    state.requests.push({ line: `${method} ${url}`, authorization: headers.authorization });
    const refusal = state.refusals.shift();
    if (refusal !== undefined) {
      response.writeHead(refusal.status, refusal.headers).end("{}");
      return;
    }
    const { pathname, searchParams } = new URL(url, state.url);
    const [, id] = /\/deliveries\/(\d+)\/attempts$/.exec(pathname) ?? [];
    if (method === "GET" && pathname === HOOK) {
      list(response, Number(searchParams.get("cursor") ?? 0));
    } else if (method === "POST" && id !== undefined) {
      redeliver(response, id);
    } else {
      response.writeHead(404).end("{}");
    }
  }

  function list(response: ServerResponse, from: number): void {
    const page = state.deliveries.slice(from, from + pageSize);
    const hasNext = from + pageSize < state.deliveries.length;
    const next = `<${state.url}${HOOK}?per_page=100&cursor=${from + pageSize}>; rel="next"`;
    const items = page.map(({ id, ...fields }) =>
      JSON.stringify(fields).replace("{", `{"id":${id},`),
    );
    response
      .writeHead(200, { "content-type": "application/json", ...(hasNext && { link: next }) })
      .end(`[${items.join(",")}]`);
  }

  function redeliver(response: ServerResponse, id: string): void {
    const original = state.deliveries.find((delivery) => delivery.id === id);
    if (original === undefined || state.gone.has(id)) {
      response.writeHead(422).end("{}");
      return;
    }
    state.deliveries.unshift({
      ...original,
      id: String(BigInt(state.deliveries[0]?.id ?? 0) + 1n),
      redelivery: true,
      status_code: state.outcome,
    });
    response.writeHead(202).end("{}");
  }

  return state;
}
