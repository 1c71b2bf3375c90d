import { type DemoStack, startDemoStack } from "../../../infra/demo/demo-stack.ts";
import { claudeCodeBatch } from "./claude-code-batch.ts";

/** What a number of events costs in write request units of DynamoDB, as the store itself meters them. */
export type WriteUnits = {
  readonly batch: string;
  readonly eventsPerRequest: number;
  readonly events: number;
  /** Units per event of the ledger. */
  readonly ledger: number;
  /** Units per event of the roll-ups that follow. */
  readonly rollUps: number;
};

const SHAPES = [
  { batch: "one call a request, each of another session", events: 1, sessions: 1, requests: 100 },
  { batch: "ten calls of a session-minute", events: 10, sessions: 1, requests: 30 },
  { batch: "a hundred calls of a session-minute", events: 100, sessions: 1, requests: 5 },
  { batch: "a hundred calls of ten session-minutes", events: 100, sessions: 10, requests: 5 },
] as const;

/** Sends every shape of batch to the stack, over HTTP, and reads the meter. */
export async function writeUnits(): Promise<readonly WriteUnits[]> {
  const stack = await startDemoStack();
  try {
    const measured: WriteUnits[] = [];
    for (const [index, shape] of SHAPES.entries()) {
      measured.push(await unitsOf(stack, shape, index));
    }
    return measured;
  } finally {
    await stack.close();
  }
}

async function unitsOf(
  { host, senderKey, output }: DemoStack,
  { batch, events, sessions, requests }: (typeof SHAPES)[number],
  index: number,
): Promise<WriteUnits> {
  host.capacity.reset();
  for (let request = 0; request < requests; request += 1) {
    const answer = await fetch(`${host.apiUrl}/v1/logs`, {
      method: "POST",
      body: claudeCodeBatch({ events, sessions, name: `${index}x${request}` }),
      headers: { authorization: `Bearer ${senderKey}`, "content-type": "application/json" },
    });
    if ((await answer.text()) !== "{}") {
      throw new Error(`the stack answered ${answer.status}, or did not take all of it`);
    }
  }
  await host.idle();
  const total = events * requests;
  const units = (operation: string, table: string) =>
    host.capacity.units({ operation, table: output(table) }) / total;
  return {
    batch,
    eventsPerRequest: events,
    events: total,
    ledger: units("UpdateItem", "LedgerTableName"),
    rollUps: units("PutItem", "InsightsTableName"),
  };
}
