import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { GetObjectCommand, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { type Drop, s3Drops } from "../../../functions/adapters/s3-drops.ts";

const s3 = mockClient(S3Client);
afterAll(() => s3.restore());
const drops = s3Drops(new S3Client({}));
const LAST_MODIFIED = new Date("2026-11-21T02:00:00Z");

function holds(chunks: Iterable<Uint8Array>): void {
  const body = { transformToWebStream: () => Readable.toWeb(Readable.from(chunks)) };
  // Only the part of the stream that is read.
  s3.on(GetObjectCommand).resolves({
    Body: body as never,
    LastModified: LAST_MODIFIED,
    ETag: '"e1"',
  });
}

async function textOf(drop: Drop): Promise<string> {
  return drop.kind === "opened" ? await text(drop.bytes) : drop.message;
}

beforeEach(() => {
  s3.reset();
});

describe("s3Drops", () => {
  test("opens an object, and says when it was written", async () => {
    holds([Buffer.from("us"), Buffer.from("er")]);

    const drop = await drops.open("drops", "directory/a.csv");

    expect(drop).toMatchObject({
      kind: "opened",
      asOfMs: Date.parse("2026-11-21T02:00:00Z"),
      version: '"e1"',
    });
    expect(await textOf(drop)).toBe("user");
    expect(s3.commandCalls(GetObjectCommand)[0]?.args[0].input).toEqual({
      Bucket: "drops",
      Key: "directory/a.csv",
    });
  });

  test("an object that was deleted meanwhile is unreadable, and not tried again", async () => {
    s3.on(GetObjectCommand).rejects(new NoSuchKey({ message: "", $metadata: {} }));

    expect(await drops.open("drops", "a")).toMatchObject({ kind: "unreadable" });
  });

  test("S3 out of reach is an error, so that the queue tries again", async () => {
    s3.on(GetObjectCommand).rejects(Object.assign(new Error("slow"), { name: "SlowDown" }));

    await expect(drops.open("drops", "a")).rejects.toThrow("slow");
  });

  test("a connection that breaks off half-way is an error too: what came is not all", async () => {
    holds(
      (function* () {
        yield Buffer.from("half");
        throw new Error("aborted");
      })(),
    );

    await expect(drops.open("drops", "a").then(textOf)).rejects.toThrow("aborted");
  });
});
