import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, test } from "vitest";
import { s3ReportStore } from "../../../functions/adapters/s3-report-store.ts";

const s3 = mockClient(S3Client);

beforeEach(() => {
  s3.reset();
});

describe("s3ReportStore", () => {
  test("puts a report under its path, with its content type", async () => {
    s3.on(PutObjectCommand).resolves({});

    await s3ReportStore(new S3Client({}), "reports-bucket").put(
      "reports/2026-10/costs.csv",
      "text/csv; charset=utf-8",
      "day\r\n",
    );

    expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toEqual({
      Bucket: "reports-bucket",
      Key: "reports/2026-10/costs.csv",
      ContentType: "text/csv; charset=utf-8",
      Body: "day\r\n",
    });
  });

  test("a failure is an error, so that the run is repeated", async () => {
    s3.on(PutObjectCommand).rejects(new Error("SlowDown"));

    await expect(s3ReportStore(new S3Client({}), "b").put("p", "text/csv", "")).rejects.toThrow(
      "SlowDown",
    );
  });

  test("uploads with a checksum, so that S3 refuses a damaged body", async () => {
    s3.restore();
    const headers: Record<string, string>[] = [];
    const client = new S3Client({
      region: "eu-central-1",
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
      maxAttempts: 1,
      requestHandler: {
        handle: (request: { headers: Record<string, string> }) => {
          headers.push(request.headers);
          return Promise.reject(new Error("not connected"));
        },
      },
    });

    await expect(s3ReportStore(client, "b").put("p", "text/csv", "day")).rejects.toThrow();
    expect(Object.keys(headers[0] ?? {})).toContain("x-amz-checksum-crc32");
  });
});
