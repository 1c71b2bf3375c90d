import { GetObjectCommand, NoSuchKey, type S3Client } from "@aws-sdk/client-s3";
import { utf8Text } from "../http/utf8.ts";

export type Drop =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "unreadable"; readonly message: string };

/** Reads what people and jobs drop into the bucket. */
export type Drops = {
  /** Any error means that the same drop may be read later: S3 is throttled or out of reach. */
  readonly read: (bucket: string, key: string) => Promise<Drop>;
};

/** Some hundred thousand people. */
export const MAX_DROP_BYTES = 20 * 1024 * 1024;

export function s3Drops(client: S3Client, maxBytes = MAX_DROP_BYTES): Drops {
  return {
    read: async (bucket, key) => {
      try {
        // One byte more than may be read tells that there are too many, without reading them.
        const { Body } = await client.send(
          new GetObjectCommand({ Bucket: bucket, Key: key, Range: `bytes=0-${maxBytes}` }),
        );
        const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
        return readable(bytes, maxBytes);
      } catch (error) {
        if (error instanceof NoSuchKey) {
          return unreadable("the object is gone: it was deleted before it could be read");
        }
        if (error instanceof Error && error.name === "InvalidRange") {
          // What S3 answers to any range of an object without a byte.
          return { kind: "text", text: "" };
        }
        throw error;
      }
    },
  };
}

function readable(bytes: Uint8Array, maxBytes: number): Drop {
  if (bytes.length > maxBytes) {
    return unreadable(`the file must not be larger than ${maxBytes} bytes`);
  }
  const text = utf8Text(bytes);
  return text === undefined
    ? unreadable("the file is not UTF-8: save it as CSV UTF-8")
    : { kind: "text", text };
}

function unreadable(message: string): Drop {
  return { kind: "unreadable", message };
}
