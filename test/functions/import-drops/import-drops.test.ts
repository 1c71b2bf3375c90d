import type { SQSEvent } from "aws-lambda";
import { describe, expect, test } from "vitest";
import { hmacPseudonyms, identityHash } from "../../../functions/adapters/pseudonyms.ts";
import type { Drop } from "../../../functions/adapters/s3-drops.ts";
import { importDropsHandler } from "../../../functions/import-drops/import-drops.ts";
import { Settings } from "../../../shared/directory/settings.ts";
import type { ProviderStatement } from "../../../shared/reconciliation/provider-statement.ts";
import { aContext } from "../../support/api-gateway-events.ts";
import { bytesOf } from "../../support/byte-chunks.ts";
import { capturedLog } from "../../support/captured-log.ts";
import { inMemoryDirectoryStore } from "../../support/in-memory-directory-store.ts";
import { inMemoryDropProgress } from "../../support/in-memory-drop-progress.ts";
import { inMemoryQuarantine } from "../../support/in-memory-quarantine.ts";
import { inMemoryUsageLedger } from "../../support/in-memory-usage-ledger.ts";

const settings = Settings.parse({
  owners: [{ id: "owner-shop", email: "owner-shop@example.com" }],
  teams: [{ id: "team-checkout", owner: "owner-shop", costCenter: "CC-100" }],
  fallbackOwner: "owner-shop",
});
const pseudonymise = hmacPseudonyms("0123456789abcdef0123456789abcdef");

const HEADER = "user,team,cost_center,owner,use_case,effective_from,aliases";
const GOOD = [
  HEADER,
  "user-017@example.com,team-checkout,,,,2026-10-01,github:user-017",
  "user-018@example.com,team-checkout,,,,2026-10-01,github:user-018;codex:acct-18",
].join("\n");

const WRITTEN_MS = Date.parse("2026-11-22T02:00:00Z");
const NOW_MS = Date.parse("2026-11-22T02:01:00Z");

function setup(files: Readonly<Record<string, Drop | Error>> = {}) {
  const directory = inMemoryDirectoryStore();
  const ledger = inMemoryUsageLedger();
  const quarantine = inMemoryQuarantine();
  const metrics: Readonly<Record<string, number>>[] = [];
  const statements: ProviderStatement[] = [];
  const handler = importDropsHandler({
    drops: {
      open: async (bucket, key) => {
        const file = files[`${bucket}/${key}`] ?? new Error(`no such file: ${key}`);
        if (file instanceof Error) {
          throw file;
        }
        return file;
      },
    },
    directory,
    ledger,
    quarantine,
    statements: {
      put: async (statement) => {
        statements.push(statement);
      },
    },
    pseudonymise: async () => pseudonymise,
    settings,
    hash: identityHash,
    nowMs: () => NOW_MS,
    progress: inMemoryDropProgress(),
    pause: async () => undefined,
    emitMetrics: (values) => metrics.push(values),
  });
  const receiveWithin = async (remainingMs: number | undefined, bodies: readonly string[]) => {
    const { batchItemFailures } = await handler(sqsEvent(bodies), aContext(remainingMs));
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  const receive = (...bodies: readonly string[]) => receiveWithin(undefined, bodies);
  return { directory, ledger, quarantine, statements, metrics, receive, receiveWithin };
}

/** Message ids are `message-0`, `message-1`, … */
function sqsEvent(bodies: readonly string[]): SQSEvent {
  const records = bodies.map((body, index) => ({ messageId: `message-${index}`, body }));
  return { Records: records } as SQSEvent;
}

function created(key: string): string {
  return JSON.stringify({ Records: [{ s3: { bucket: { name: "drops" }, object: { key } } }] });
}

function file(content: string | Uint8Array): Drop {
  return { kind: "opened", bytes: bytesOf(content), asOfMs: WRITTEN_MS, version: "v1" };
}

describe("importDropsHandler", () => {
  test("imports who belongs where, and who is the same person, under pseudonyms", async () => {
    const { directory, metrics, receive } = setup({ "drops/directory/a.csv": file(GOOD) });

    expect(await receive(created("directory/a.csv"))).toEqual([]);

    const { assignments, aliases } = await directory.read();
    expect(assignments).toHaveLength(2);
    expect(assignments[0]).toEqual({
      user: pseudonymise("user-017@example.com"),
      team: "team-checkout",
      costCenter: "CC-100",
      owner: "owner-shop",
      useCase: "feature-work",
      effectiveFrom: "2026-10-01",
    });
    expect(aliases.get(pseudonymise("codex:acct-18"))).toBe(pseudonymise("user-018@example.com"));
    expect(directory.subjects()).toEqual(new Set(["user-017@example.com", "user-018@example.com"]));
    expect(metrics).toEqual([{ Received: 1, Committed: 1, Rejected: 0 }]);
  });

  test("takes what finance enters of invoices, as of when the file was written", async () => {
    const csv = "provider,month,amount,currency,invoice\nanthropic,2026-10,1234.56,USD,INV-7\n";
    const { statements, ledger, metrics, receive } = setup({
      "drops/invoices/october.csv": file(csv),
    });

    expect(await receive(created("invoices/october.csv"))).toEqual([]);

    expect(statements).toMatchObject([
      { kind: "invoice", row: "INV-7", asOfMs: WRITTEN_MS, costNanoUsd: 1_234_560_000_000n },
    ]);
    expect(ledger.events()).toEqual([]);
    expect(metrics).toEqual([{ Received: 1, Committed: 1, Rejected: 0 }]);
  });

  test("takes no invoice of a file with a fault", async () => {
    capturedLog();
    const csv =
      "provider,month,amount,currency,invoice\nopenai,2026-10,5,USD,A\nopenai,2026-10,5,EUR,B\n";
    const { statements, metrics, receive } = setup({ "drops/invoices/x.csv": file(csv) });

    expect(await receive(created("invoices/x.csv"))).toEqual([]);

    expect(statements).toEqual([]);
    expect(metrics).toEqual([{ Received: 1, Committed: 0, Rejected: 1 }]);
  });

  test("reads the key as S3 encodes it", async () => {
    const { directory, receive } = setup({ "drops/directory/my people (1).csv": file(GOOD) });

    expect(await receive(created("directory/my+people+%281%29.csv"))).toEqual([]);
    expect((await directory.read()).assignments).toHaveLength(2);
  });

  test("the test event of S3 is taken and ignored", async () => {
    const { metrics, receive } = setup();

    expect(await receive(JSON.stringify({ Service: "Amazon S3", Event: "s3:TestEvent" }))).toEqual(
      [],
    );
    expect(metrics).toEqual([]);
  });

  test.each([
    [
      "a bad line among good ones",
      file(`${GOOD}\nuser-019@example.com,team-nobody,,,,2026-10-01,`),
    ],
    ["bytes that are not text", file(Buffer.from([0x75, 0xfc]))],
    ["a name that is gone", { kind: "unreadable", message: "the object is gone" } as const],
  ])("refuses a file with %s as a whole, and does not try it again", async (_, drop) => {
    const { directory, metrics, receive } = setup({ "drops/directory/a.csv": drop });

    expect(await receive(created("directory/a.csv"))).toEqual([]);

    expect(await directory.read()).toEqual({ assignments: [], aliases: new Map() });
    expect(metrics).toEqual([{ Received: 1, Committed: 0, Rejected: 1 }]);
  });

  test("logs line, column and reason of a refusal, and no name", async () => {
    const lines = capturedLog();
    const { receive } = setup({
      "drops/directory/a.csv": file(`${HEADER}\nuser-044@example.com,team-nobody,,,,2026-10-01,`),
    });

    await receive(created("directory/a.csv"));

    expect(JSON.stringify(lines)).toContain('"line":2,"column":"team"');
    expect(JSON.stringify(lines)).not.toContain("user-044");
  });

  test("only the message whose file cannot be read now is tried again", async () => {
    const { directory, receive } = setup({
      "drops/directory/a.csv": new Error("S3 is out of reach"),
      "drops/directory/b.csv": file(GOOD),
    });

    expect(await receive(created("directory/a.csv"), created("directory/b.csv"))).toEqual([
      "message-0",
    ]);
    expect((await directory.read()).assignments).toHaveLength(2);
  });

  test("an import that breaks off half-way is complete after it is tried again", async () => {
    const { directory, receive } = setup({ "drops/directory/a.csv": file(GOOD) });
    directory.failEvery(2);
    expect(await receive(created("directory/a.csv"))).toEqual(["message-0"]);

    directory.failEvery(Number.POSITIVE_INFINITY);
    await receive(created("directory/a.csv"));

    const { assignments, aliases } = await directory.read();
    expect(assignments).toHaveLength(2);
    expect(aliases.size).toBe(3);
  });

  test.each(["not JSON", "{}"])(
    "a message that is no S3 notification goes to the dead-letter queue: %j",
    async (body) => {
      expect(await setup().receive(body)).toEqual(["message-0"]);
    },
  );

  const CALL = JSON.stringify({
    schemaType: "ModelInvocationLog",
    timestamp: "2026-11-21T22:25:00Z",
    requestId: "call-1",
    modelId: "amazon.nova-pro-v1:0",
    input: { inputTokenCount: 10 },
  });

  test("imports usage by the folder it is in, and counts it in log and metrics as telemetry is", async () => {
    const lines = capturedLog();
    const { ledger, metrics, receive } = setup({
      "drops/bedrock/AWSLogs/22/a.json.gz": file(
        `${CALL}\n{"schemaType":1}\n{"schemaType":"other"}\n`,
      ),
    });

    expect(await receive(created("bedrock/AWSLogs/22/a.json.gz"))).toEqual([]);

    expect(ledger.events().map(({ id }) => id)).toEqual(["aws:call-1"]);
    expect(metrics).toEqual([
      { Received: 2, Committed: 1, Duplicate: 0, Quarantined: 0, Rejected: 1 },
    ]);
    expect(lines).toContainEqual(
      expect.objectContaining({
        drop: "imported",
        key: "bedrock/…/a.json.gz",
        received: 2,
        committed: 1,
        rejected: 1,
        ignored: { "other-schema": 1 },
        faults: [expect.objectContaining({ line: 2 })],
      }),
    );
  });

  test("refuses what is in a folder that nothing is read from, and says which there are", async () => {
    const lines = capturedLog();
    const { metrics, receive } = setup();

    expect(await receive(created("bedrok/user-017%40example.com/a.json.gz"))).toEqual([]);

    expect(metrics).toEqual([{ Received: 1, Committed: 0, Rejected: 1 }]);
    const text = JSON.stringify(lines);
    expect(text).toContain("bedrock/, ");
    expect(text).not.toContain("user-017");
  });

  test("passes over folders themselves, which the console makes as empty objects", async () => {
    const { metrics, receive } = setup();

    expect(await receive(created("kiro/"))).toEqual([]);
    expect(metrics).toEqual([{ DropsSkipped: 1 }]);
  });

  test("a file that there was no time to finish stays in the queue", async () => {
    const { ledger, receiveWithin } = setup({
      "drops/bedrock/a.json": file(`${CALL}\n`.repeat(600)),
    });

    expect(await receiveWithin(900_000, [created("bedrock/a.json")])).toEqual([]);
    expect(await receiveWithin(1_000, [created("bedrock/a.json")])).toEqual(["message-0"]);
    expect(ledger.events()).toHaveLength(1);
  });
});
