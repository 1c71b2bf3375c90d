export type ErrorDescription = {
  readonly name: string;
  readonly message?: string;
  readonly at: readonly string[];
  readonly cause?: ErrorDescription;
};

const MAX_FRAMES = 4;
const MAX_CAUSES = 3;

/**
 * An error as it may be logged. Messages of the language itself are left out, because a
 * `SyntaxError` or `TypeError` can quote the text that it was raised on: what a client sent must
 * never reach a log.
 */
export function describeError(error: unknown, causes = MAX_CAUSES): ErrorDescription {
  if (!(error instanceof Error)) {
    return { name: typeof error, at: [] };
  }
  return {
    name: error.name,
    ...(mayQuoteInput(error) ? {} : { message: error.message }),
    at: stackFrames(error),
    ...(error.cause === undefined || causes === 0
      ? {}
      : { cause: describeError(error.cause, causes - 1) }),
  };
}

function mayQuoteInput(error: Error): boolean {
  return error instanceof SyntaxError || error instanceof TypeError || error.name.startsWith("Zod");
}

function stackFrames(error: Error): string[] {
  return (error.stack ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at "))
    .slice(0, MAX_FRAMES);
}
