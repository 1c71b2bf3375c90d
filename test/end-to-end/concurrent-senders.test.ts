import { afterAll, beforeAll, expect, test } from "vitest";
import { CALL_NANO_USD, SENDERS, sendConcurrently } from "../soak/concurrent-senders.ts";
import { type RunningStack, runStack } from "../support/running-stack.ts";

/** A slice: the whole is `npm run soak -- --scenario concurrent-senders --events 10000`. */
const EVENTS = 600;

let stack: RunningStack;

beforeAll(async () => {
  stack = await runStack();
});
afterAll(() => stack.host.close());

test("32 senders of the same calls at the same time: each call counts once, and every answer is 200", async () => {
  const { senderKey, host } = stack;

  const answers = await sendConcurrently({ apiUrl: host.apiUrl, senderKey }, EVENTS);
  await host.idle();

  expect(answers).toEqual({
    received: SENDERS * EVENTS,
    committed: EVENTS,
    duplicate: (SENDERS - 1) * EVENTS,
    refused: [],
  });
  const costNanoUsd = BigInt(EVENTS) * CALL_NANO_USD;
  expect(await stack.ledger()).toMatchObject({ entries: EVENTS, calls: EVENTS, costNanoUsd });
  expect(await stack.rolledUpNanoUsd()).toBe(costNanoUsd);
});
