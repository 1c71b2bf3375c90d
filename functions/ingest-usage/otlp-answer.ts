import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import {
  encodeExportResponse,
  encodeStatus,
  type OtlpEncoding,
  type OtlpSignal,
  type PartialSuccess,
  RPC_CODES,
  type RpcCode,
} from "../../shared/otlp/export-response.ts";
import { mediaType } from "../http/content-type.ts";

type Answer = APIGatewayProxyStructuredResultV2;

const CONTENT_TYPES: Readonly<Record<OtlpEncoding, string>> = {
  json: "application/json",
  protobuf: "application/x-protobuf",
};

const STATUS_CODES: ReadonlyMap<number, RpcCode> = new Map([
  [400, RPC_CODES.INVALID_ARGUMENT],
  [403, RPC_CODES.PERMISSION_DENIED],
  [413, RPC_CODES.RESOURCE_EXHAUSTED],
  [415, RPC_CODES.INVALID_ARGUMENT],
  [503, RPC_CODES.UNAVAILABLE],
]);

/** The encoding that the request's content type names, if it is one of OTLP's two. */
export function otlpEncoding(event: APIGatewayProxyEventV2): OtlpEncoding | undefined {
  const type = mediaType(event.headers);
  if (type === CONTENT_TYPES.json) {
    return "json";
  }
  return type === CONTENT_TYPES.protobuf ? "protobuf" : undefined;
}

/** 200 in the encoding of the request. */
export function otlpSuccess(
  encoding: OtlpEncoding,
  signal: OtlpSignal,
  partial?: PartialSuccess,
): Answer {
  return answer(200, encoding, encodeExportResponse(encoding, signal, partial));
}

/** Any other status, with a `google.rpc.Status` that says why. In JSON if the request's encoding is not known. */
export function otlpFailure(
  status: 400 | 403 | 413 | 415 | 503,
  message: string,
  encoding: OtlpEncoding = "json",
): Answer {
  const code = STATUS_CODES.get(status) ?? RPC_CODES.INVALID_ARGUMENT;
  return answer(status, encoding, encodeStatus(encoding, code, message));
}

function answer(statusCode: number, encoding: OtlpEncoding, bytes: Uint8Array): Answer {
  const isBinary = encoding === "protobuf";
  return {
    statusCode,
    headers: { "content-type": CONTENT_TYPES[encoding] },
    body: Buffer.from(bytes).toString(isBinary ? "base64" : "utf8"),
    isBase64Encoded: isBinary,
  };
}
