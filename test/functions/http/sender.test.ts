import { describe, expect, test } from "vitest";
import { senderOf } from "../../../functions/http/sender.ts";
import { anApiGatewayEvent } from "../../support/api-gateway-events.ts";

const senderIn = (authorizer: Record<string, unknown>) =>
  senderOf(anApiGatewayEvent({ routeKey: "POST /v1/logs", authorizer }));

describe("senderOf", () => {
  test("reads who the authoriser says it is", () => {
    expect(senderIn({ keyId: "k1", source: "claude-code", user: "pseudonym-of-user-017" })).toEqual(
      {
        kind: "sender",
        keyId: "k1",
        source: "claude-code",
        user: "pseudonym-of-user-017",
      },
    );
  });

  test.each([undefined, null])("a key that is bound to nobody, as %s, has no user", (user) => {
    expect(senderIn({ keyId: "k1", source: "any", user })).toEqual({
      kind: "sender",
      keyId: "k1",
      source: "any",
    });
  });

  test.each([
    ["the key store could not be reached", { unavailable: "true" }],
    ["nobody is named", {}],
    ["the source is blank", { keyId: "k1", source: "" }],
  ])("is unavailable if %s: nothing is booked on nobody's word", (_, authorizer) => {
    expect(senderIn(authorizer)).toEqual({ kind: "unavailable" });
  });

  test("is unavailable if there was no authoriser", () => {
    expect(senderOf({ requestContext: {} })).toEqual({ kind: "unavailable" });
  });
});
