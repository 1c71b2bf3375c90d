import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { ReportStore } from "../../shared/ports/report-store.ts";

/** Reports as objects of a bucket. The SDK adds a checksum, so that S3 refuses a damaged upload. */
export function s3ReportStore(client: S3Client, bucketName: string): ReportStore {
  return {
    put: async (path, contentType, body) => {
      await client.send(
        new PutObjectCommand({
          Bucket: bucketName,
          Key: path,
          ContentType: contentType,
          Body: body,
        }),
      );
    },
  };
}
