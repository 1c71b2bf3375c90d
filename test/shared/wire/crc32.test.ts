import * as zlib from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crc32 } from "../../../shared/wire/crc32.ts";

describe("crc32", () => {
  test("gives the check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRCs", () => {
    expect(crc32("123456789")).toBe(0xcbf43926);
  });

  test("agrees with zlib on any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(crc32(text)).toBe(zlib.crc32(text));
      }),
    );
  });
});
