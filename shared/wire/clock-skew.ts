/** How far ahead of ours a sender's clock may be. */
export const MAX_CLOCK_SKEW_MS = 5 * 60_000;

/** For people: why a record with such a time is held back. */
export const CLOCK_IN_FUTURE_DETAIL =
  "the time is more than five minutes ahead of our clock; it is kept, and can be replayed once that time has passed";

export function isClockInFuture(timeMs: number, nowMs: number): boolean {
  return timeMs > nowMs + MAX_CLOCK_SKEW_MS;
}
