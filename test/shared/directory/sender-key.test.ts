import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  formatSenderKey,
  InvalidSenderKeyPartsError,
  parseSenderKey,
} from "../../../shared/directory/sender-key.ts";

const KEY_ID = "k7m2p9q4r1s5";
const SECRET = "0123456789abcdef".repeat(4);
const KEY = formatSenderKey({ keyId: KEY_ID, secret: SECRET });

const keyParts = fc.record({
  keyId: fc.stringMatching(/^[a-z0-9]{12}$/),
  secret: fc.stringMatching(/^[0-9a-f]{64}$/),
});

describe("formatSenderKey", () => {
  test("starts with a prefix that secret scanners can look for, and ends with a checksum", () => {
    expect(KEY).toMatch(/^outpace_k7m2p9q4r1s5_(0123456789abcdef){4}_[0-9a-f]{8}$/);
  });

  test.each([
    { keyId: "short", secret: SECRET },
    { keyId: "K7M2P9Q4R1S5", secret: SECRET },
    { keyId: KEY_ID, secret: SECRET.slice(1) },
    { keyId: KEY_ID, secret: `${SECRET.slice(1)}g` },
  ])("refuses parts that no key has: %j", (parts) => {
    expect(() => formatSenderKey(parts)).toThrow(InvalidSenderKeyPartsError);
  });
});

describe("parseSenderKey", () => {
  test("reads back every key that was written", () => {
    fc.assert(
      fc.property(keyParts, (parts) => {
        expect(parseSenderKey(formatSenderKey(parts))).toEqual({ kind: "key", ...parts });
      }),
    );
  });

  test("a key with one character changed is mistyped, never another key", () => {
    fc.assert(
      fc.property(
        keyParts,
        fc.nat(),
        fc.constantFrom(..."0123456789abcdefghijklmnopqrstuvwxyz_"),
        (parts, at, character) => {
          const key = formatSenderKey(parts);
          const index = "outpace_".length + (at % (key.length - "outpace_".length));
          fc.pre(key[index] !== character);

          const changed = key.slice(0, index) + character + key.slice(index + 1);

          expect(parseSenderKey(changed)).toEqual({ kind: "mistyped" });
        },
      ),
    );
  });

  test("a key that was cut off when copied is mistyped", () => {
    for (let length = "outpace_".length; length < KEY.length; length += 1) {
      expect(parseSenderKey(KEY.slice(0, length))).toEqual({ kind: "mistyped" });
    }
  });

  test.each(["", "ghp_abc", ` ${KEY}`, KEY.toUpperCase(), `Bearer ${KEY}`])(
    "%j is not one of our keys",
    (text) => {
      expect(parseSenderKey(text)).toEqual({ kind: "malformed" });
    },
  );

  test("a key with anything after it is mistyped, because only the whole key counts", () => {
    expect(parseSenderKey(`${KEY}\n`)).toEqual({ kind: "mistyped" });
    expect(parseSenderKey(`${KEY}0`)).toEqual({ kind: "mistyped" });
  });
});
