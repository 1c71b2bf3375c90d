import { describe, expect, test } from "vitest";
import { utf8Text } from "../../../functions/http/utf8.ts";

describe("utf8Text", () => {
  test("reads text, without the byte order mark that some editors write", () => {
    expect(utf8Text(Buffer.from("\uFEFFgrün"))).toBe("grün");
    expect(utf8Text(new Uint8Array())).toBe("");
  });

  test.each([[[0xff]], [[0x67, 0x72, 0xfc, 0x6e]], [[0xc0, 0x80]], [[0xed, 0xa0, 0x80]]])(
    "%j is not UTF-8, and is not turned into text that nobody sent",
    (bytes) => {
      expect(utf8Text(Uint8Array.from(bytes))).toBeUndefined();
    },
  );
});
