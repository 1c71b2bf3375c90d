import { describe, expect, test } from "vitest";
import { hmacPseudonyms, identityHash } from "../../../functions/adapters/pseudonyms.ts";

describe("hmacPseudonyms", () => {
  // Computed apart: printf %s user-017@example.com | openssl dgst -sha256 -hmac <key> -binary | base64
  test("is HMAC-SHA-256 in base64url, cut to 22 characters", () => {
    const pseudonymise = hmacPseudonyms("0123456789abcdef0123456789abcdef");

    expect(pseudonymise("user-017@example.com")).toBe("i-FYiwU-3WvVOpL-tGU9D_");
  });

  test("another key gives another pseudonym, so that without the key no guess can be tested", () => {
    const subject = "user-017@example.com";

    expect(hmacPseudonyms("a".repeat(32))(subject)).not.toBe(
      hmacPseudonyms("b".repeat(32))(subject),
    );
  });

  test("refuses a key that could be guessed", () => {
    expect(() => hmacPseudonyms("short")).toThrow("at least 32 characters");
  });
});

describe("identityHash", () => {
  // Computed apart: printf %s anthropic:req_1 | openssl dgst -sha256 -binary | base64
  test("is SHA-256 in base64url, cut to 16 characters", () => {
    expect(identityHash("anthropic:req_1")).toBe("7-qP4v2ndV91byk7");
  });
});
