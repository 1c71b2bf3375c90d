import { setTimeout as sleep } from "node:timers/promises";
import type { Activity } from "./activity.ts";
import type { EventSource } from "./event-source.ts";

const CHECK_EVERY_MS = 5;

/**
 * Waits until nothing is in flight or waiting: no request, no invocation, no stream record, no
 * message in a queue that a function consumes. Batching windows end early meanwhile.
 *
 * @throws {Error} naming what is still busy, when the time is up.
 */
export async function waitUntilIdle(
  activity: Activity,
  sources: readonly EventSource[],
  timeoutMs: number,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    await activity.atRest(deadline - performance.now());
    for (const source of sources) {
      source.flush();
    }
    const begun = activity.begun();
    const drained = await Promise.all(sources.map((source) => source.isDrained()));
    const busy = sources.filter((_, index) => drained[index] !== true);
    // Whatever has begun since we looked may have written or sent something.
    if (busy.length === 0 && activity.running() === 0 && activity.begun() === begun) {
      return;
    }
    if (performance.now() > deadline) {
      const names = busy.map(({ name }) => name).join(", ");
      throw new Error(
        `not idle after ${timeoutMs} ms: ${activity.running()} calls under way; event sources with work: ${names || "none"}`,
      );
    }
    await sleep(CHECK_EVERY_MS);
  }
}
