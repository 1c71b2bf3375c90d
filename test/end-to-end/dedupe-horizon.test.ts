import { afterAll, beforeAll, expect, test } from "vitest";
import { dynamoDbQuarantine } from "../../functions/adapters/dynamodb-quarantine.ts";
import { dynamoDbUsageLedger } from "../../functions/adapters/dynamodb-usage-ledger.ts";
import { hmacPseudonyms, identityHash } from "../../functions/adapters/pseudonyms.ts";
import { ingestUsageHandler } from "../../functions/ingest-usage/ingest-usage.ts";
import { aContext, anApiGatewayEvent } from "../support/api-gateway-events.ts";
import { type RunningStack, runStack } from "../support/running-stack.ts";

const FIRST_SEEN = Date.UTC(2022, 10, 26, 12);
const DAY_MS = 86_400_000;

let stack: RunningStack;

beforeAll(async () => {
  stack = await runStack();
});
afterAll(() => stack.host.close());

/** Sends the same calls to the real program and tables on a day of its own clock. */
async function sendOn(nowMs: number) {
  const table = stack.output("LedgerTableName");
  const handler = ingestUsageHandler({
    ledger: dynamoDbUsageLedger(stack.dynamoDb, table, identityHash),
    quarantine: dynamoDbQuarantine(stack.dynamoDb, table, identityHash),
    pseudonymise: async () => hmacPseudonyms("a key that only this test knows, long enough"),
    hash: identityHash,
    nowMs: () => nowMs,
    emitMetrics: () => undefined,
  });
  const items = Array.from({ length: 20 }, (_, n) => ({
    id: `req_${n}`,
    time: new Date(FIRST_SEEN - n * 1000).toISOString(),
    user: "user-017@example.com",
    session: "s1",
    tool: "codex",
    provider: "openai",
    model: "gpt-4o",
    tokens: { input: 100, output: 100 },
  }));
  const event = anApiGatewayEvent({
    routeKey: "POST /v1/usage",
    body: JSON.stringify(items),
    headers: { "content-type": "application/json" },
  });
  const { statusCode, body } = await handler(event, aContext());
  const { results: _, ...counts } = JSON.parse(body ?? "{}");
  return { statusCode, counts };
}

const counts = (given: object) => ({
  statusCode: 200,
  counts: { received: 20, committed: 0, duplicate: 0, quarantined: 0, rejected: 0, ...given },
});

test("calls that were first seen 400 days ago, or four years, are still duplicates: the ledger is the memory", async () => {
  expect(await sendOn(FIRST_SEEN)).toEqual(counts({ committed: 20 }));
  expect(await sendOn(FIRST_SEEN + 400 * DAY_MS)).toEqual(counts({ duplicate: 20 }));
  expect(await sendOn(FIRST_SEEN + 1461 * DAY_MS)).toEqual(counts({ duplicate: 20 }));

  expect(await stack.ledger()).toMatchObject({ entries: 20, calls: 20 });
});
