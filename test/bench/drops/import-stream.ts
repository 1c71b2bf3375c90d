import { hmacPseudonyms, identityHash } from "../../../functions/adapters/pseudonyms.ts";
import { importUsage } from "../../../functions/import-drops/import-usage.ts";
import { recordUsage } from "../../../functions/ingest-usage/record-usage.ts";
import { BEDROCK_LOGS } from "../../../shared/usage/bedrock-log.ts";

/**
 * Imports a Bedrock log of so many megabytes, with so many bytes of conversation a record, that is made up as it is read, into a ledger that takes
 * everything and keeps nothing, and prints what it took: run as a process of its own, as memory is measured of all of it.
 */
const MEGABYTE = 1_000_000;
const megabytes = Number(process.argv[2] ?? 2_000);
const bodyBytes = Number(process.argv[3] ?? 1_000);
const CHUNK_BYTES = 64 * 1024;
const START_MS = Date.UTC(2026, 10, 20);
const NOW_MS = Date.UTC(2026, 10, 22);
/** What a record holds of a conversation, where Bedrock is set up to log text. */
const BODY = { messages: [{ role: "user", content: [{ text: "x".repeat(bodyBytes) }] }] };

function recordOf(index: number): string {
  return JSON.stringify({
    schemaType: "ModelInvocationLog",
    schemaVersion: "1.0",
    timestamp: new Date(START_MS + (index % 86_400_000)).toISOString(),
    accountId: "123456789012",
    identity: {
      arn: `arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Bedrock_0123/user-${index % 200}@example.com`,
    },
    region: "us-east-1",
    requestId: `9f0c2d5e-1111-4222-8333-${String(index).padStart(12, "0")}`,
    operation: "Converse",
    modelId: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    input: { inputContentType: "application/json", inputBodyJson: BODY, inputTokenCount: 123 },
    output: { outputContentType: "application/json", outputTokenCount: 456 },
    requestMetadata: { session: `session-${index % 1_000}` },
  });
}

let made = 0;
async function* log(): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  let lines: string[] = [];
  let length = 0;
  while (bytes < megabytes * MEGABYTE) {
    const line = `${recordOf(made)}\n`;
    made += 1;
    lines.push(line);
    length += line.length;
    bytes += line.length;
    if (length >= CHUNK_BYTES) {
      yield Buffer.from(lines.join(""));
      lines = [];
      length = 0;
    }
  }
  yield Buffer.from(lines.join(""));
}

const pseudonymise = hmacPseudonyms("0123456789abcdef0123456789abcdef");
const stores = {
  ledger: {
    append: async (events: readonly unknown[]) =>
      events.map(() => ({ kind: "committed" }) as const),
  },
  quarantine: { keep: async () => undefined },
  pseudonymise: async () => pseudonymise,
  nowMs: () => NOW_MS,
};
const sender = { kind: "sender", keyId: "drops", source: "any" } as const;
const startedMs = performance.now();
const { counts } = await importUsage({
  bytes: log(),
  reader: BEDROCK_LOGS.reader({ nowMs: NOW_MS, asOfMs: NOW_MS, path: ["log"], hash: identityHash }),
  record: (batch) => recordUsage(batch, sender, stores),
});
process.stdout.write(
  `${JSON.stringify({
    megabytes,
    records: made,
    committed: counts.committed,
    seconds: Math.round((performance.now() - startedMs) / 100) / 10,
    cpuSeconds: Math.round((process.cpuUsage().user + process.cpuUsage().system) / 100_000) / 10,
    peakRssMegabytes: Math.round((process.resourceUsage().maxRSS * 1024) / MEGABYTE),
  })}\n`,
);
