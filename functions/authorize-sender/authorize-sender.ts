import type { APIGatewaySimpleAuthorizerWithContextResult } from "aws-lambda";
import * as z from "zod";
import { parseSenderKey } from "../../shared/directory/sender-key.ts";
import type { SenderKey, SenderKeys } from "../../shared/ports/sender-keys.ts";
import { isSecretOf } from "../adapters/secret-hash.ts";
import { describeError } from "../middleware/describe-error.ts";

/** What handlers find at `event.requestContext.authorizer.lambda`. */
export type SenderContext =
  | { readonly keyId: string; readonly source: string; readonly user?: string }
  | { readonly unavailable: "true" }
  | Readonly<Record<string, never>>;

export type Authorization = APIGatewaySimpleAuthorizerWithContextResult<SenderContext>;

export type AuthorizeSenderHandler = (event: unknown) => Promise<Authorization>;

/** The parts of a request authoriser's event (payload format 2.0) that can hold the key. */
const KeyBearingEvent = z.object({
  headers: z.object({ authorization: z.string().optional() }).nullish(),
  identitySource: z.array(z.string()).nullish(),
});

const REFUSED: Authorization = { isAuthorized: false, context: {} };

/** The function itself has five seconds; one that runs out of time is a 500. */
const FIND_WITHIN_MS = 3_000;

/** How long a key is good that cannot be looked up, since it last was. */
const KNOWN_FOR_MS = 10 * 60_000;

export type AuthorizeSenderDeps = {
  readonly keys: Pick<SenderKeys, "find">;
  readonly nowMs: () => number;
};

/**
 * Says whose key a request came with.
 *
 * Never throws: API Gateway makes a 500 of an authoriser that does, and OTLP exporters drop their
 * data on 500. While the store cannot be reached the request is let through as `unavailable`, which
 * the handlers answer with 503.
 */
export function authorizeSenderHandler(deps: AuthorizeSenderDeps): AuthorizeSenderHandler {
  const find = rememberingFind(deps);
  return async (event) => {
    const parsed = parseSenderKey(keyIn(event));
    if (parsed.kind !== "key") {
      return refused(parsed.kind);
    }
    try {
      const key = await find(parsed.keyId);
      if (key === undefined) {
        return refused("unknown", parsed.keyId);
      }
      if (!isSecretOf(key.secretHash, parsed.secret)) {
        return refused("wrong-secret", parsed.keyId);
      }
      return key.revokedAtMs === undefined ? allowed(key) : refused("revoked", parsed.keyId);
    } catch (error) {
      console.error({ authorization: "unavailable", error: describeError(error) });
      return { isAuthorized: true, context: { unavailable: "true" } };
    }
  };
}

/**
 * Looks keys up, and while the store is out of reach goes by what it last said. API Gateway keeps
 * an answer for a minute, also `unavailable`: after one failed look-up an exporter would get a
 * minute of 503, and most give up and drop their data after ten seconds.
 */
function rememberingFind({ keys, nowMs }: AuthorizeSenderDeps): SenderKeys["find"] {
  const known = new Map<string, { readonly key: SenderKey; readonly atMs: number }>();
  return async (keyId) => {
    try {
      const key = await withinTime(keys.find(keyId));
      if (key === undefined) {
        known.delete(keyId);
      } else {
        known.set(keyId, { key, atMs: nowMs() });
      }
      return key;
    } catch (error) {
      const last = known.get(keyId);
      if (last === undefined || nowMs() - last.atMs > KNOWN_FOR_MS) {
        throw error;
      }
      console.warn({ authorization: "from memory", keyId, error: describeError(error) });
      return last.key;
    }
  };
}

async function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`the key store gave no answer within ${FIND_WITHIN_MS} ms`)),
      FIND_WITHIN_MS,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The key itself, with or without `Bearer`: some senders can set the bare header value only. */
function keyIn(event: unknown): string {
  const { data } = KeyBearingEvent.safeParse(event);
  const header = data?.headers?.authorization ?? data?.identitySource?.[0] ?? "";
  return header.replace(/^Bearer[ \t]+/i, "").trim();
}

/** The reason goes to the log only: the sender must not learn which ids exist. */
function refused(reason: string, keyId?: string): Authorization {
  console.info({ authorization: "refused", reason, ...(keyId === undefined ? {} : { keyId }) });
  return REFUSED;
}

function allowed({ keyId, source, user }: SenderKey): Authorization {
  return {
    isAuthorized: true,
    context: { keyId, source, ...(user === undefined ? {} : { user }) },
  };
}
