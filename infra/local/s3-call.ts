import type { AccessRequest } from "./iam.ts";

export type S3Call = {
  readonly operation: string;
  readonly accesses: readonly AccessRequest[];
};

/** Parameters that belong to the operations below, or to none in particular. */
const KNOWN_PARAMETERS = new Set([
  "continuation-token",
  "delete",
  "delimiter",
  "encoding-type",
  "fetch-owner",
  "list-type",
  "location",
  "max-keys",
  "partNumber",
  "prefix",
  "start-after",
  "uploadId",
  "uploads",
  "x-id",
]);

/**
 * Which S3 operation a path-style request is, and what it has to be allowed.
 * An operation on a sub-resource, such as tagging, becomes `Unsupported`: the backend would take
 * it for a write of the object itself.
 */
export function readS3Call(method: string, url: string): S3Call {
  const { bucket, key, parameters } = s3Location(url);
  const unknown = [...parameters.keys()].find((name) => !KNOWN_PARAMETERS.has(name));
  if (unknown !== undefined) {
    return { operation: `Unsupported:${unknown}`, accesses: [] };
  }
  const [operation, action] =
    key === "" ? bucketOperation(method, parameters) : objectOperation(method, parameters);
  const object = key === "" ? "*" : key;
  const resource = action.endsWith("Object") || action.endsWith("Upload") ? `/${object}` : "";
  return {
    operation,
    accesses: [{ action, resource: `arn:aws:s3:::${bucket}${resource}` }],
  };
}

/** Bucket, key and parameters of a path-style S3 URL. */
export function s3Location(url: string) {
  const { pathname, searchParams } = new URL(url, "http://s3");
  const [, bucket = "", ...key] = pathname.split("/");
  return { bucket, key: decodeURIComponent(key.join("/")), parameters: searchParams };
}

function bucketOperation(method: string, parameters: URLSearchParams): [string, string] {
  switch (method) {
    case "GET":
      return [
        parameters.has("location") ? "GetBucketLocation" : "ListObjectsV2",
        parameters.has("location") ? "s3:GetBucketLocation" : "s3:ListBucket",
      ];
    case "HEAD":
      return ["HeadBucket", "s3:ListBucket"];
    case "POST":
      return ["DeleteObjects", "s3:DeleteObject"];
    case "DELETE":
      return ["DeleteBucket", "s3:DeleteBucket"];
    default:
      return ["CreateBucket", "s3:CreateBucket"];
  }
}

function objectOperation(method: string, parameters: URLSearchParams): [string, string] {
  const upload = parameters.has("uploadId");
  switch (method) {
    case "GET":
      return ["GetObject", "s3:GetObject"];
    case "HEAD":
      return ["HeadObject", "s3:GetObject"];
    case "DELETE":
      return upload
        ? ["AbortMultipartUpload", "s3:AbortMultipartUpload"]
        : ["DeleteObject", "s3:DeleteObject"];
    case "POST":
      return [upload ? "CompleteMultipartUpload" : "CreateMultipartUpload", "s3:PutObject"];
    default:
      return [upload ? "UploadPart" : "PutObject", "s3:PutObject"];
  }
}
