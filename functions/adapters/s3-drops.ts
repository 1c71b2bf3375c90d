import { GetObjectCommand, NoSuchKey, type S3Client } from "@aws-sdk/client-s3";

export type Drop =
  | {
      readonly kind: "opened";
      /** As they arrive: nothing is read before it is asked for. */
      readonly bytes: AsyncIterable<Uint8Array>;
      /** When the object was last written. */
      readonly asOfMs: number;
      /** Another one whenever the bytes are others. */
      readonly version: string;
    }
  | { readonly kind: "unreadable"; readonly message: string };

/** Opens what people and jobs drop into the bucket. */
export type Drops = {
  /** Any error, also of the bytes, means that the same drop may be read later: S3 is throttled or out of reach. */
  readonly open: (bucket: string, key: string) => Promise<Drop>;
};

export function s3Drops(client: S3Client): Drops {
  return {
    open: async (bucket, key) => {
      try {
        const { Body, LastModified, ETag } = await client.send(
          new GetObjectCommand({ Bucket: bucket, Key: key }),
        );
        if (Body === undefined || LastModified === undefined || ETag === undefined) {
          throw new Error(
            "S3 answered without a body, its version, or the time of the last change",
          );
        }
        return {
          kind: "opened",
          bytes: Body.transformToWebStream(),
          asOfMs: LastModified.getTime(),
          version: ETag,
        };
      } catch (error) {
        if (error instanceof NoSuchKey) {
          const message = "the object is gone: it was deleted before it could be read";
          return { kind: "unreadable", message };
        }
        throw error;
      }
    },
  };
}
