import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import * as z from "zod";
import { dynamoDbSenderKeys } from "../../functions/adapters/dynamodb-sender-keys.ts";
import { issueSenderKey } from "../../infra/cli/issue-sender-key.ts";
import { runStack } from "../support/running-stack.ts";

const BATCHES = 240;
const BATCH_SIZE = 5;
const SENDERS = 6;
/** 100 tokens in and 100 out of claude-sonnet-4-5, at 3 and 15 USD a million. */
const CALL_NANO_USD = 1_800_000n;

const Ready = z.object({
  apiUrl: z.string(),
  outputs: z.record(z.string(), z.string()),
  childPids: z.array(z.int()),
  operator: z.object({
    endpoint: z.string(),
    region: z.string(),
    credentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
  }),
});

let stateDir: string;
let server: ChildProcess | undefined;

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "outpace-durability-"));
});
afterEach(() => {
  server?.kill("SIGKILL");
  rmSync(stateDir, { recursive: true, force: true });
});

async function serve() {
  const script = join(import.meta.dirname, "../support/serve-stack.ts");
  server = spawn(process.execPath, [script, inject("assembly"), stateDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(server.stdout ?? server, "data");
  return { ready: Ready.parse(JSON.parse(String(line))), process: server };
}

function batch(n: number): string {
  return JSON.stringify(
    Array.from({ length: BATCH_SIZE }, (_, at) => ({
      id: `req_${n}_${at}`,
      time: new Date(Date.UTC(2026, 9, 5, 9, n % 60, at)).toISOString(),
      user: `user-${String(n % 7).padStart(3, "0")}@example.com`,
      session: `session-${n % 40}`,
      tool: "claude-code",
      provider: "anthropic",
      model: "claude-sonnet-4-5",
      tokens: { input: 100, output: 100 },
    })),
  );
}

/** Sends batches from several senders at once; adds the numbers of those that were taken. */
async function send(
  url: string,
  key: string,
  numbers: readonly number[],
  taken: Set<number>,
): Promise<void> {
  const queue = numbers.values();
  const sender = async () => {
    for (const n of queue) {
      try {
        const answer = await fetch(`${url}/v1/usage`, {
          method: "POST",
          headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
          body: batch(n),
        });
        if (answer.ok) {
          taken.add(n);
        }
      } catch {
        // The server is gone: the sender keeps the batch, and sends it again later.
      }
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
}

function isRunning(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.[0] !== "Z";
  } catch {
    return false;
  }
}

describe("a local stack that is killed in the middle of traffic", () => {
  test("loses nothing that it took, counts nothing twice that is sent again, and leaves no process", async () => {
    const { ready, process: killed } = await serve();
    const keys = dynamoDbSenderKeys(
      new DynamoDBClient(ready.operator),
      ready.outputs["DirectoryTableName"] ?? "",
    );
    const key = await issueSenderKey(keys, { source: "any" }, Date.now());
    const numbers = Array.from({ length: BATCHES }, (_, n) => n);

    const taken = new Set<number>();
    const sending = send(ready.apiUrl, key, numbers, taken);
    await expect.poll(() => taken.size, { timeout: 20_000, interval: 5 }).toBeGreaterThan(50);
    const exited = once(killed, "exit");
    killed.kill("SIGKILL");
    await exited;
    await sending;

    expect(taken.size).toBeLessThan(BATCHES);
    await expect.poll(() => ready.childPids.filter(isRunning), { timeout: 5000 }).toEqual([]);

    const stack = await runStack({ stateDir, apiPort: 0 });
    try {
      expect((await stack.ledger()).calls).toBeGreaterThanOrEqual(taken.size * BATCH_SIZE);

      const again = new Set<number>();
      await send(stack.host.apiUrl, key, numbers, again);
      await stack.host.idle();

      const expected = BigInt(BATCHES * BATCH_SIZE) * CALL_NANO_USD;
      expect(again.size).toBe(BATCHES);
      expect(await stack.ledger()).toMatchObject({
        entries: BATCHES * BATCH_SIZE,
        costNanoUsd: expected,
      });
      expect(await stack.rolledUpNanoUsd()).toBe(expected);
    } finally {
      await stack.host.close();
    }
  });
});
