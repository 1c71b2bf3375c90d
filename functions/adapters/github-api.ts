import { setTimeout as pause } from "node:timers/promises";

export type GithubApiSettings = {
  /** Such as `https://api.github.com`, or `https://github.example.com/api/v3`. */
  readonly apiUrl: string;
  readonly token: () => Promise<string>;
  /** Longest wait of a request for a rate limit, in milliseconds. */
  readonly maxWaitMs: number;
  readonly nowMs?: () => number;
};

export type GithubApi = {
  /** `path` is below the API's URL, or a whole URL of it. Answers whatever GitHub does, but rate limits. */
  readonly request: (method: "GET" | "POST", path: string) => Promise<Response>;
};

/** GitHub wants us to wait longer than there is time. */
export class GithubRateLimitedError extends Error {
  override readonly name = "GithubRateLimitedError";

  constructor(waitMs: number) {
    super(`GitHub's rate limit lasts for ${Math.ceil(waitMs / 1000)} s more`);
  }
}

/** GitHub's list goes on at an address that is not GitHub's: the token is not for there. */
export class ForeignAddressError extends Error {
  override readonly name = "ForeignAddressError";
}

const TIMEOUT_MS = 15_000;
/** GitHub: without a header that says how long, a minute at least. */
const UNKNOWN_WAIT_MS = 60_000;

/**
 * GitHub's REST API. Waits for rate limits as long as they are told to last.
 *
 * @see https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function githubApi(settings: GithubApiSettings): GithubApi {
  const { apiUrl, token, maxWaitMs, nowMs = Date.now } = settings;
  const base = new URL(apiUrl.endsWith("/") ? apiUrl : `${apiUrl}/`);
  const send = async (method: string, url: URL) =>
    await fetch(url, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${(await token()).trim()}`,
        "user-agent": "outpace",
        "x-github-api-version": "2022-11-28",
      },
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });

  const request = async (
    method: "GET" | "POST",
    path: string,
    leftMs: number,
  ): Promise<Response> => {
    const url = new URL(path, base);
    if (url.origin !== base.origin) {
      throw new ForeignAddressError("a link of GitHub's answer leads to another host");
    }
    const response = await send(method, url);
    const waitMs = rateLimitMs(response, nowMs());
    if (waitMs === undefined) {
      return response;
    }
    await response.body?.cancel();
    if (waitMs > leftMs) {
      throw new GithubRateLimitedError(waitMs);
    }
    await pause(waitMs);
    // At least a second, so that a limit of no time at all comes to an end.
    return await request(method, path, leftMs - Math.max(waitMs, 1000));
  };
  return { request: (method, path) => request(method, path, maxWaitMs) };
}

/** How long to wait before the same request is worth sending again; nothing if it was answered. */
function rateLimitMs({ status, headers }: Response, nowMs: number): number | undefined {
  const retryAfter = headers.get("retry-after");
  const isExhausted = headers.get("x-ratelimit-remaining") === "0";
  if (status !== 429 && !(status === 403 && (retryAfter !== null || isExhausted))) {
    return undefined;
  }
  if (retryAfter !== null && /^\d{1,6}$/.test(retryAfter)) {
    return Number(retryAfter) * 1000;
  }
  const resetSeconds = Number(headers.get("x-ratelimit-reset") ?? Number.NaN);
  return isExhausted && Number.isFinite(resetSeconds)
    ? Math.max(0, resetSeconds * 1000 - nowMs)
    : UNKNOWN_WAIT_MS;
}
