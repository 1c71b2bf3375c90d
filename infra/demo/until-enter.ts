import { once } from "node:events";
import type { Readable } from "node:stream";

/** Waits for a line, or for the end of the input: without a person there is nobody to wait for. */
export async function untilEnter(input: Readable): Promise<void> {
  const done = new AbortController();
  const { signal } = done;
  try {
    await Promise.race([once(input, "data", { signal }), once(input, "end", { signal })]);
  } finally {
    done.abort();
    input.pause();
  }
}
