import * as z from "zod";
import { MARKER } from "./hostile-values.ts";

/**
 * What is wrong with an error that a function ends with, where another error than these is a crash. Lambda
 * writes its message to the log.
 *
 * @throws the error itself, if it is none of these.
 */
export function thrownFaults(
  error: unknown,
  expected: readonly (abstract new (...of: never[]) => Error)[],
): readonly string[] {
  if (!(error instanceof Error) || ![z.ZodError, ...expected].some((of) => error instanceof of)) {
    throw error;
  }
  return `${error.message} ${error.stack}`.includes(MARKER)
    ? ["the error, which Lambda logs, quotes what was sent"]
    : [];
}
