import { describe, expect, test } from "vitest";
import { isSecretOf, secretHash } from "../../../functions/adapters/secret-hash.ts";

describe("secretHash", () => {
  test("is the SHA-256 of FIPS 180-2, appendix B.1", () => {
    expect(secretHash("abc")).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
  });
});

describe("isSecretOf", () => {
  test("knows the secret that was hashed", () => {
    expect(isSecretOf(secretHash("abc"), "abc")).toBe(true);
  });

  test.each([
    ["another secret", secretHash("abd")],
    ["no hash", ""],
    ["half a hash", secretHash("abc").slice(0, 32)],
    ["more than a hash", `${secretHash("abc")}00`],
    ["the secret itself", "abc"],
  ])("does not take %s for it", (_, hash) => {
    expect(isSecretOf(hash, "abc")).toBe(false);
  });
});
