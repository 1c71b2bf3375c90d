import * as z from "zod";

export const SENDERS = 32;
/** 100 tokens in and 100 out of claude-sonnet-4-5, at 3 and 15 USD a million. */
export const CALL_NANO_USD = 1_800_000n;
/** Days that the calls are on, as `[from, to)`. */
export const CALL_DAYS = ["2026-10-05", "2026-10-06"] as const;

const Answer = z.object({ committed: z.int(), duplicate: z.int(), received: z.int() });

export type ConcurrentAnswers = {
  readonly received: number;
  readonly committed: number;
  readonly duplicate: number;
  /** Status codes of answers that are not 200. */
  readonly refused: readonly number[];
};

/** Lets 32 senders send the same calls at the same time, each in batches of its own size and order. */
export async function sendConcurrently(
  { apiUrl, senderKey }: { readonly apiUrl: string; readonly senderKey: string },
  events: number,
): Promise<ConcurrentAnswers> {
  const answers: z.infer<typeof Answer>[] = [];
  const refused: number[] = [];
  const sender = async (number: number) => {
    for (const body of batchesOf(number, events)) {
      const answer = await fetch(`${apiUrl}/v1/usage`, {
        method: "POST",
        body,
        headers: { authorization: `Bearer ${senderKey}`, "content-type": "application/json" },
      });
      if (answer.status === 200) {
        answers.push(Answer.parse(await answer.json()));
      } else {
        refused.push(answer.status);
      }
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, (_, number) => sender(number)));
  const sum = (name: keyof z.infer<typeof Answer>) =>
    answers.reduce((total, answer) => total + answer[name], 0);
  return {
    received: sum("received"),
    committed: sum("committed"),
    duplicate: sum("duplicate"),
    refused,
  };
}

function batchesOf(sender: number, events: number): readonly string[] {
  const size = 50 + sender * 5;
  const start = Math.floor((sender * events) / SENDERS / 2);
  const calls = Array.from({ length: events }, (_, at) => call((at + start) % events));
  return Array.from({ length: Math.ceil(events / size) }, (_, at) =>
    JSON.stringify(calls.slice(at * size, (at + 1) * size)),
  );
}

function call(n: number) {
  return {
    id: `req_${n}`,
    time: new Date(Date.UTC(2026, 9, 5, 9, Math.floor(n / 40) % 60, n % 40)).toISOString(),
    user: `user-${Math.floor(n / 400) % 50}@example.com`,
    session: `session-${Math.floor(n / 200)}`,
    tool: "claude-code",
    provider: "anthropic",
    model: "claude-sonnet-4-5",
    tokens: { input: 100, output: 100 },
  };
}
