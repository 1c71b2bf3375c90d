import { GetObjectCommand, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, test } from "vitest";
import { s3Drops } from "../../../functions/adapters/s3-drops.ts";

const s3 = mockClient(S3Client);
const drops = s3Drops(new S3Client({}), 10);

function holds(bytes: Uint8Array): void {
  const body = { transformToByteArray: async () => bytes };
  // Only the part of the stream that is read.
  s3.on(GetObjectCommand).resolves({ Body: body as never });
}

beforeEach(() => {
  s3.reset();
});

describe("s3Drops", () => {
  test("reads an object as text, and asks for one byte more than it may hold", async () => {
    holds(Buffer.from("\uFEFFuser"));

    expect(await drops.read("drops", "directory/a.csv")).toEqual({ kind: "text", text: "user" });
    expect(s3.commandCalls(GetObjectCommand)[0]?.args[0].input).toEqual({
      Bucket: "drops",
      Key: "directory/a.csv",
      Range: "bytes=0-10",
    });
  });

  test("ten bytes fit, eleven do not", async () => {
    holds(Buffer.alloc(10, "a"));
    expect(await drops.read("drops", "a")).toMatchObject({ kind: "text" });

    holds(Buffer.alloc(11, "a"));
    expect(await drops.read("drops", "a")).toMatchObject({
      kind: "unreadable",
      message: expect.stringContaining("10 bytes"),
    });
  });

  test("text in another encoding is unreadable, because names would be garbled", async () => {
    holds(Buffer.from([0x75, 0xfc]));

    expect(await drops.read("drops", "a")).toMatchObject({
      kind: "unreadable",
      message: expect.stringContaining("UTF-8"),
    });
  });

  test("an object without a byte is an empty text, though S3 has no such range", async () => {
    s3.on(GetObjectCommand).rejects(Object.assign(new Error(), { name: "InvalidRange" }));

    expect(await drops.read("drops", "a")).toEqual({ kind: "text", text: "" });
  });

  test("an object that was deleted meanwhile is unreadable, and not tried again", async () => {
    s3.on(GetObjectCommand).rejects(new NoSuchKey({ message: "", $metadata: {} }));

    expect(await drops.read("drops", "a")).toMatchObject({ kind: "unreadable" });
  });

  test("S3 out of reach is an error, so that the queue tries again", async () => {
    s3.on(GetObjectCommand).rejects(Object.assign(new Error("slow"), { name: "SlowDown" }));

    await expect(drops.read("drops", "a")).rejects.toThrow("slow");
  });
});
