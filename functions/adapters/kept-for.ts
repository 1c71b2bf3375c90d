/**
 * Loads a value at most once in `keepMs`, for what changes by the night and is read by the second.
 * A failed load is not kept.
 */
export function keptFor<T>(
  keepMs: number,
  load: () => Promise<T>,
  nowMs: () => number = Date.now,
): () => Promise<T> {
  let kept: { readonly value: T; readonly loadedAtMs: number } | undefined;
  return async () => {
    if (kept === undefined || nowMs() - kept.loadedAtMs >= keepMs) {
      kept = { value: await load(), loadedAtMs: nowMs() };
    }
    return kept.value;
  };
}
