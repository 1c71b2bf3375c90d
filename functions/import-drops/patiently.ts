import { LedgerUnavailableError } from "../../shared/ports/usage-ledger.ts";

/** Half a minute in all: the queue gives a failed file back only after an hour and a half. */
const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000, 16_000] as const;

/**
 * Calls again while the ledger is not available, with longer and longer pauses. For calls that may be repeated.
 *
 * @throws what the last call threw.
 */
export async function patiently<T>(
  call: () => Promise<T>,
  pause: (ms: number) => Promise<void>,
): Promise<T> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof LedgerUnavailableError)) {
        throw error;
      }
      await pause(pauseMs);
    }
  }
  return await call();
}
