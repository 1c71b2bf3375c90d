import * as z from "zod";
import type { UserPseudonym } from "../../shared/usage/usage-event.ts";

/** Whoever holds the key that the request came with. */
export type KnownSender = {
  readonly kind: "sender";
  readonly keyId: string;
  /** What the key may send: `claude-code`, `litellm`, … or `any`. */
  readonly source: string;
  /** If set, everything sent with the key is this person's. */
  readonly user?: UserPseudonym;
};

/** `unavailable`: the key store could not be reached, so nobody knows whose request it is. */
export type Sender = KnownSender | { readonly kind: "unavailable" };

const AuthorizedEvent = z.object({
  requestContext: z.object({
    authorizer: z.object({
      lambda: z.object({
        keyId: z.string().min(1),
        source: z.string().min(1),
        user: z.string().min(1).nullish(),
      }),
    }),
  }),
});

/**
 * The sender, as the authoriser put it into the event. An event without a sender counts as
 * `unavailable`: it is sent again, and nothing is booked on nobody's word.
 */
export function senderOf(event: unknown): Sender {
  const parsed = AuthorizedEvent.safeParse(event);
  if (!parsed.success) {
    return { kind: "unavailable" };
  }
  const { keyId, source, user } = parsed.data.requestContext.authorizer.lambda;
  return { kind: "sender", keyId, source, ...(typeof user === "string" ? { user } : {}) };
}
