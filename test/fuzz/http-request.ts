import { gzipSync } from "node:zlib";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { Random } from "../../infra/demo/random.ts";
import { anApiGatewayEvent } from "../support/api-gateway-events.ts";
import { MARKER } from "./hostile-values.ts";
import { mutateBytes } from "./mutate-bytes.ts";

export type HttpRoute = {
  /** Such as `POST /v1/logs`. */
  readonly routeKey: string;
  readonly contentType: string;
  /** Headers over the bytes that are sent, such as a signature. */
  readonly headersOf?: (bytes: Buffer, random: Random) => Readonly<Record<string, string>>;
  /** What a path with places in it has there. */
  readonly pathParameters?: Readonly<Record<string, string>>;
  /** The authoriser's context; `undefined` for a route without one. */
  readonly authorizer?: Readonly<Record<string, unknown>> | undefined;
};

const GZIPPED = 0.15;
const SPOILT_AFTER_GZIP = 0.3;
const OTHER_TYPE = 0.02;

const OTHER_TYPES: readonly [string, ...string[]] = [
  "",
  "text/csv",
  "application/x-www-form-urlencoded",
  "application/json; charset=utf-16",
  "APPLICATION/JSON",
  "application/x-ndjson",
  "application/x-protobuf",
  `application/json;${MARKER}`,
  MARKER,
];

/** A request as API Gateway hands it over: as text or as base64, packed or not, now and then of another type. */
export function httpRequest(
  route: HttpRoute,
  body: Buffer,
  random: Random,
): APIGatewayProxyEventV2 {
  const bytes = packed(body, random);
  const contentType = random.chance(OTHER_TYPE) ? random.pick(OTHER_TYPES) : route.contentType;
  const { pathParameters = {} } = route;
  const event = anApiGatewayEvent({
    routeKey: route.routeKey,
    body: bytes,
    headers: {
      "content-type": contentType,
      "user-agent": MARKER,
      cookie: `session=${MARKER}`,
      ...route.headersOf?.(bytes, random),
    },
    ...("authorizer" in route ? { authorizer: route.authorizer } : {}),
  });
  return isText(bytes) && random.chance(0.5)
    ? { ...event, pathParameters, body: bytes.toString("utf8"), isBase64Encoded: false }
    : { ...event, pathParameters };
}

/** Compressed now and then, and now and then spoilt after that. */
export function packed(body: Buffer, random: Random): Buffer {
  if (!random.chance(GZIPPED)) {
    return body;
  }
  const gzip = gzipSync(body, { level: 1 });
  return random.chance(SPOILT_AFTER_GZIP) ? mutateBytes(gzip, random) : gzip;
}

/** Only text survives being handed over as text. */
function isText(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString("utf8"), "utf8").equals(bytes);
}
