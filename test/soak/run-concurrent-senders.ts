import { dynamoDbRollUps } from "../../functions/adapters/dynamodb-roll-ups.ts";
import { startDemoStack } from "../../infra/demo/demo-stack.ts";
import { CALL_DAYS, CALL_NANO_USD, SENDERS, sendConcurrently } from "./concurrent-senders.ts";
import { scanTable } from "./scan-table.ts";
import { factsOf } from "./stored-books.ts";

const IDLE_MS = 300_000;

/** The scenario of 32 senders through the whole local stack: what to print, and what is wrong. */
export async function runConcurrentSenders(
  events: number,
): Promise<{ readonly text: string; readonly faults: readonly string[] }> {
  const stack = await startDemoStack();
  try {
    const { host, senderKey, dynamoDb } = stack;
    const startedAt = performance.now();
    const answers = await sendConcurrently({ apiUrl: host.apiUrl, senderKey }, events);
    await host.idle(IDLE_MS);
    const seconds = (performance.now() - startedAt) / 1000;
    const items = await scanTable(dynamoDb, stack.output("LedgerTableName"), "whole");
    const segments = items.filter(({ pk }) => pk?.S?.startsWith("U#"));
    const entries = segments.flatMap(factsOf).length;
    const rollUps = dynamoDbRollUps(dynamoDb, stack.output("InsightsTableName"));
    const { userDays } = await rollUps.readBetween(...CALL_DAYS);
    const nanoUsd = userDays.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n);
    const expected = {
      received: SENDERS * events,
      committed: events,
      duplicate: (SENDERS - 1) * events,
      refused: 0,
      entries,
      nanoUsd: BigInt(events) * CALL_NANO_USD,
    };
    const found = { ...answers, refused: answers.refused.length, entries, nanoUsd };
    return {
      text: `${SENDERS} senders of the same ${events} events in ${seconds.toFixed(1)} s: received ${found.received} = committed ${found.committed} + duplicate ${found.duplicate}; ${found.refused} answers not 200; ledger ${entries} entries, roll-ups ${nanoUsd} nano-USD`,
      faults: Object.entries({ ...expected, entries: events }).flatMap(([name, value]) =>
        found[name as keyof typeof found] === value
          ? []
          : [`${name}: ${found[name as keyof typeof found]}, expected ${value}`],
      ),
    };
  } finally {
    await stack.close();
  }
}
