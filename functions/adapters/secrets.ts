import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

const CACHED_FOR_MS = 5 * 60_000;

/** The secret exists, but holds no text: it was stored as binary, or never given a value. */
export class SecretWithoutTextError extends Error {
  override readonly name = "SecretWithoutTextError";

  constructor(arn: string) {
    super(`the secret must hold a text that is not empty: ${arn}`);
  }
}

/**
 * Reads a secret's text from Secrets Manager, at most once in five minutes, so that a rotated
 * secret is in use that soon. Calls at the same time share one request; a failure is not kept.
 *
 * @throws {SecretWithoutTextError} from the returned function; errors of the service pass through.
 */
export function secretText(
  client: SecretsManagerClient,
  arn: string,
  nowMs: () => number = Date.now,
): () => Promise<string> {
  let cached: { readonly text: Promise<string>; readonly readAtMs: number } | undefined;

  const read = async () => {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    if (SecretString === undefined || SecretString.trim() === "") {
      throw new SecretWithoutTextError(arn);
    }
    return SecretString;
  };

  return async () => {
    if (cached !== undefined && nowMs() - cached.readAtMs < CACHED_FOR_MS) {
      return cached.text;
    }
    const entry = { text: read(), readAtMs: nowMs() };
    cached = entry;
    try {
      return await entry.text;
    } catch (error) {
      if (cached === entry) {
        cached = undefined;
      }
      throw error;
    }
  };
}

/** The secrets in a secret's text, one a line: two while one is being replaced by the other. */
export function secretsIn(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
