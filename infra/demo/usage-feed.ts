import { gzipSync } from "node:zlib";
import * as z from "zod";
import type { SenderClient } from "./sender-client.ts";
import { eachAtOnce } from "./sender-client.ts";

/** One `POST /v1/logs`, and how many records of usage it holds. */
export type UsageBody = {
  readonly body: string;
  readonly records: number;
  readonly gzip: boolean;
};

/** What the answers say became of the records: the rest of `received` is in the ledger. */
export type AnsweredUsage = {
  readonly received: number;
  readonly quarantined: number;
  readonly rejected: number;
};

export type FeedOptions = {
  readonly afterEach: () => void;
  /** Clients that send at the same time. @default 8 */
  readonly atOnce?: number | undefined;
};

/** One body in this many is sent twice: its client lost the answer to the first. */
const SENT_TWICE_EVERY = 40;
const AT_ONCE = 8;
const QUARANTINED = /(\d+) kept in quarantine/;

const ExportAnswer = z.object({
  partialSuccess: z
    .object({
      rejectedLogRecords: z.coerce.number().default(0),
      errorMessage: z.string().default(""),
    })
    .optional(),
});

/**
 * Sends telemetry as many clients at once do, a share of it twice.
 *
 * @throws {Error} if a body is refused: every body of the demo is a valid request.
 */
export async function sendTelemetry(
  client: SenderClient,
  senderKey: string,
  bodies: readonly UsageBody[],
  { afterEach, atOnce = AT_ONCE }: FeedOptions,
): Promise<AnsweredUsage> {
  const answered = { received: 0, quarantined: 0, rejected: 0 };
  const send = async (each: UsageBody) => {
    const answer = await client.post({
      path: "/v1/logs",
      headers: logsHeaders(senderKey, each.gzip),
      body: each.gzip ? gzipSync(each.body, { level: 1 }) : Buffer.from(each.body),
    });
    if (answer.status !== 200) {
      throw new Error(`/v1/logs answered ${answer.status}: ${answer.body.toString()}`);
    }
    const { partialSuccess } = ExportAnswer.parse(JSON.parse(answer.body.toString()));
    answered.received += each.records;
    answered.rejected += partialSuccess?.rejectedLogRecords ?? 0;
    answered.quarantined += Number(QUARANTINED.exec(partialSuccess?.errorMessage ?? "")?.[1] ?? 0);
  };
  await eachAtOnce(bodies, atOnce, async (each, index) => {
    await send(each);
    if (index % SENT_TWICE_EVERY === 0) {
      await send(each);
    }
    afterEach();
  });
  return answered;
}

export function logsHeaders(senderKey: string, gzip = false): Record<string, string> {
  return {
    Authorization: `Bearer ${senderKey}`,
    "Content-Type": "application/json",
    ...(gzip && { "Content-Encoding": "gzip" }),
    "User-Agent": "OTel-OTLP-Exporter-JavaScript/0.208.0",
  };
}
