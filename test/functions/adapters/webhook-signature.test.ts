import { sign } from "@octokit/webhooks-methods";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isSignedWithOneOf } from "../../../functions/adapters/webhook-signature.ts";
import { GITHUB_SECRET, githubDelivery, githubFixtures } from "../../support/github-deliveries.ts";

const DOCUMENTED_BODY = Buffer.from("Hello, World!");
const DOCUMENTED_SIGNATURE =
  "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
const HEX = "0123456789abcdef";

describe("isSignedWithOneOf", () => {
  test("accepts the test vector that GitHub documents", () => {
    expect(
      isSignedWithOneOf(["It's a Secret to Everybody"], DOCUMENTED_BODY, DOCUMENTED_SIGNATURE),
    ).toBe(true);
  });

  test.each(githubFixtures)("accepts the signature of %s over its exact bytes", (name) => {
    const { bytes, signature } = githubDelivery(name);

    expect(isSignedWithOneOf([GITHUB_SECRET], bytes, signature)).toBe(true);
  });

  test("agrees with GitHub's own library on any text and secret", async () => {
    const text = fc.string({ unit: "grapheme", minLength: 1 });
    await fc.assert(
      fc.asyncProperty(text, text, async (secret, body) => {
        const signature = await sign(secret, body);

        expect(isSignedWithOneOf([secret], Buffer.from(body), signature)).toBe(true);
      }),
    );
  });

  test("accepts either of two secrets, so that one can take over from the other", () => {
    const secrets = ["the one before", GITHUB_SECRET];

    expect(isSignedWithOneOf(secrets, DOCUMENTED_BODY, DOCUMENTED_SIGNATURE)).toBe(true);
    expect(isSignedWithOneOf(secrets.toReversed(), DOCUMENTED_BODY, DOCUMENTED_SIGNATURE)).toBe(
      true,
    );
  });

  test("no changed digit of a signature is accepted", () => {
    fc.assert(
      fc.property(fc.nat(63), fc.constantFrom(...HEX), (at, digit) => {
        const index = "sha256=".length + at;
        fc.pre(DOCUMENTED_SIGNATURE[index] !== digit);
        const changed =
          DOCUMENTED_SIGNATURE.slice(0, index) + digit + DOCUMENTED_SIGNATURE.slice(index + 1);

        expect(isSignedWithOneOf([GITHUB_SECRET], DOCUMENTED_BODY, changed)).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  test("no changed bit of a body is accepted", () => {
    const { bytes, signature } = githubDelivery("pull_request.closed-merged");
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const changed = Buffer.from(bytes);
        const index = Math.floor(bit / 8);
        changed.writeUInt8(changed.readUInt8(index) ^ (1 << (bit % 8)), index);

        expect(isSignedWithOneOf([GITHUB_SECRET], changed, signature)).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  test("no other text is accepted as a signature", () => {
    const near = fc
      .tuple(fc.nat(DOCUMENTED_SIGNATURE.length), fc.string(), fc.nat(8))
      .map(
        ([at, inserted, removed]) =>
          DOCUMENTED_SIGNATURE.slice(0, at) + inserted + DOCUMENTED_SIGNATURE.slice(at + removed),
      );
    fc.assert(
      fc.property(fc.oneof(fc.string(), near), (header) => {
        fc.pre(header !== DOCUMENTED_SIGNATURE);

        expect(isSignedWithOneOf([GITHUB_SECRET], DOCUMENTED_BODY, header)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  test("bytes that are different, but decode to the same text, are told apart", async () => {
    const replaced = "\uFFFD";
    const signature = await sign(GITHUB_SECRET, replaced);

    expect(isSignedWithOneOf([GITHUB_SECRET], Buffer.from(replaced), signature)).toBe(true);
    expect(isSignedWithOneOf([GITHUB_SECRET], Buffer.from([0xff]), signature)).toBe(false);
  });

  test("without a secret nothing is signed", () => {
    expect(isSignedWithOneOf([], DOCUMENTED_BODY, DOCUMENTED_SIGNATURE)).toBe(false);
  });
});
