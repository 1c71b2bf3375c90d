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

/**
 * Says whose key a request came with.
 *
 * Never throws: API Gateway makes a 500 of an authoriser that does, and OTLP exporters drop their
 * data on 500. While the store cannot be reached the request is let through as `unavailable`, which
 * the handlers answer with 503.
 */
export function authorizeSenderHandler({ keys }: { keys: SenderKeys }): AuthorizeSenderHandler {
  return async (event) => {
    const parsed = parseSenderKey(keyIn(event));
    if (parsed.kind !== "key") {
      return refused(parsed.kind);
    }
    try {
      const key = await keys.find(parsed.keyId);
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
