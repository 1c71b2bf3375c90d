import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { decodeProtobuf, type MessageSchema } from "../../shared/otlp/protobuf-decode.ts";
import { MARKER } from "./hostile-values.ts";

type Answer = APIGatewayProxyStructuredResultV2;
type Json = Readonly<Record<string, unknown>>;

/** Received, and what became of it: from the answer or from the metrics. */
export type Counts = {
  readonly received: number;
  readonly committed: number;
  readonly duplicate: number;
  readonly quarantined: number;
  readonly rejected: number;
};

export const NO_COUNTS: Counts = {
  received: 0,
  committed: 0,
  duplicate: 0,
  quarantined: 0,
  rejected: 0,
};

/** `google.rpc.Status` and an export response at once: their fields have the same numbers and other types. */
const STATUS: MessageSchema = {
  1: { name: "code", type: "int64" },
  2: { name: "message", type: "string" },
};
const EXPORT_RESPONSE: MessageSchema = {
  1: {
    name: "partialSuccess",
    type: () => ({
      1: { name: "rejected", type: "int64" },
      2: { name: "errorMessage", type: "string" },
    }),
  },
};

const LONGEST_MESSAGE = 2_000;

/** What an answer says, whatever its encoding. */
export function readAnswer(answer: Answer): Json {
  const body = answer.body ?? "";
  if (answer.isBase64Encoded === true) {
    const schema = answer.statusCode === 200 ? EXPORT_RESPONSE : STATUS;
    return decodeProtobuf(Buffer.from(body, "base64"), schema);
  }
  return objectOf(JSON.parse(body));
}

/** What is wrong with an answer by itself: a 5xx, a refusal without a reason, a text that was sent. */
export function answerFaults({ statusCode = 0 }: Answer, said: Json): readonly string[] {
  return [
    ...(statusCode >= 500 || statusCode < 200 ? [`answered ${statusCode}`] : []),
    ...(statusCode >= 400 ? refusalFaults(said) : []),
    ...(withoutIds(said).includes(MARKER) ? ["the answer quotes what was sent"] : []),
  ];
}

/** A refusal says why; one that goes item by item says it for every item that it refuses. */
function refusalFaults(said: Json): readonly string[] {
  const rejected = itemsOf(said).filter(({ status }) => status === "rejected");
  const reasons = rejected.length > 0 ? rejected.map(reasonOfItem) : [reasonOf(said)];
  return reasons.every(isReason) ? [] : ["a refusal has no path or no reason that can be read"];
}

function isReason(reason: string): boolean {
  return /^[\p{L}\w[]/u.test(reason) && reason.length <= LONGEST_MESSAGE;
}

function reasonOf(said: Json): string {
  return String(said["message"] ?? objectOf(said["error"])["message"] ?? "");
}

function reasonOfItem({ path, message }: Json): string {
  return typeof path === "string" && typeof message === "string" ? message : "";
}

/** Answers give back the sender's own ids, and nothing else. */
function withoutIds(said: Json): string {
  return JSON.stringify({ ...said, results: itemsOf(said).map((item) => ({ ...item, id: "" })) });
}

function itemsOf(said: Json): readonly Json[] {
  const results = said["results"];
  return Array.isArray(results) ? results.map(objectOf) : [];
}

/** What is wrong between an answer and the counts of its request. */
export function countFaults(said: Json, counts: Counts): readonly string[] {
  const { received, ...settled } = counts;
  const sum = Object.values(settled).reduce((total, count) => total + count, 0);
  const statuses = itemsOf(said).map(({ status }) => status);
  const told = (Object.keys(settled) as (keyof typeof settled)[]).filter(
    (name) => typeof said[name] === "number" && said[name] !== counts[name],
  );
  const lost = objectOf(said["partialSuccess"]);
  const rejected = Number(
    lost["rejectedLogRecords"] ?? lost["rejectedDataPoints"] ?? lost["rejected"] ?? counts.rejected,
  );
  return [
    ...(received === sum ? [] : [`received ${received}, but settled ${sum}`]),
    ...told.map((name) => `the answer says another number of ${name} than was counted`),
    ...(typeof said["received"] === "number" && !adds(statuses, counts)
      ? ["the results do not add up to the counts"]
      : []),
    ...(rejected === counts.rejected
      ? []
      : ["the partial success says another number of rejected"]),
  ];
}

function adds(statuses: readonly unknown[], counts: Counts): boolean {
  const of = (wanted: string) => statuses.filter((status) => status === wanted).length;
  return (
    of("committed") === counts.committed &&
    of("duplicate") === counts.duplicate &&
    of("quarantined") === counts.quarantined &&
    of("rejected") === counts.rejected
  );
}

function objectOf(value: unknown): Json {
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value))
    : {};
}
