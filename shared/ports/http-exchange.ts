export type HttpRequest = {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How long the whole answer may take. */
  readonly timeoutMs: number;
};

export type HttpAnswer = {
  readonly status: number;
  /** Of a header, by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  readonly text: string;
};

/** There was no answer, or no whole one: a lost connection, a timeout. Worth another try. */
export class NoAnswerError extends Error {
  override readonly name = "NoAnswerError";
}

/**
 * One HTTP request. Redirects are not followed: the key would go along.
 *
 * @throws {NoAnswerError} without the URL, which may be signed.
 */
export type HttpExchange = (request: HttpRequest) => Promise<HttpAnswer>;
