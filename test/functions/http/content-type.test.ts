import { expect, test } from "vitest";
import { mediaType } from "../../../functions/http/content-type.ts";

test.each([
  [{ "content-type": "application/json" }, "application/json"],
  [{ "Content-Type": "Application/JSON; charset=utf-8" }, "application/json"],
  [{ "content-type": " application/x-protobuf " }, "application/x-protobuf"],
  [{}, ""],
  [undefined, ""],
])("the media type of %j is %j", (headers, expected) => {
  expect(mediaType(headers)).toBe(expected);
});
