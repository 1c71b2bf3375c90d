import { type HttpExchange, NoAnswerError } from "../../shared/ports/http-exchange.ts";

/** A page of a report is far below this; more would fill the function's memory. */
const MOST_BYTES = 64 * 1024 * 1024;

/** HTTP by the runtime's own `fetch`. */
export function fetchExchange(): HttpExchange {
  return async ({ method, url, headers, body, timeoutMs }) => {
    try {
      const answer = await fetch(url, {
        method,
        headers,
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
        ...(body === undefined ? {} : { body }),
      });
      return {
        status: answer.status,
        header: (name) => answer.headers.get(name) ?? undefined,
        text: await textOf(answer),
      };
    } catch (error) {
      // The cause is left out: it can name the URL.
      throw new NoAnswerError(`no answer: ${error instanceof Error ? error.name : "unknown"}`);
    }
  };
}

async function textOf(answer: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) {
      throw new Error("the answer is too large");
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
