import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { LOOPBACK } from "./wire.ts";

/**
 * A shell between us and the database: it holds the reading end of a pipe of which only this
 * process has the writing end, so the database ends with us, even if we get SIGKILL.
 */
const WATCHDOG =
  '"$0" "$@" >&2 & child=$!; echo $child; cat >/dev/null; kill -TERM $child; wait $child';

const START_TIMEOUT_MS = 10_000;

export type DynamoDbProcess = {
  readonly url: URL;
  readonly pids: readonly number[];
  readonly close: () => Promise<void>;
};

/** Starts the DynamoDB emulator on a database file, on a free port of the loopback address. */
export async function startDynamoDb(databaseFile: string): Promise<DynamoDbProcess> {
  const shell = spawn(
    "/bin/sh",
    [
      "-c",
      WATCHDOG,
      binary(),
      "serve",
      "--host",
      LOOPBACK,
      "--port",
      "0",
      "--db-path",
      databaseFile,
    ],
    { stdio: ["pipe", "pipe", "ignore"] },
  );
  const exited = new Promise<void>((resolve) => shell.once("exit", () => resolve()));
  const pid = await childPid(shell);
  const port = await waitFor(() => listeningPort(pid), "the DynamoDB emulator did not start");
  const url = new URL(`http://${LOOPBACK}:${port}`);
  await waitFor(() => answers(url), "the DynamoDB emulator does not answer");
  indexStreamRecords(databaseFile);
  return {
    url,
    pids: [shell.pid ?? pid, pid],
    close: async () => {
      shell.stdin.end();
      await exited;
    },
  };
}

function binary(): string {
  const require = createRequire(import.meta.url);
  try {
    return join(dirname(require.resolve("@dynoxide/linux-x64/package.json")), "dynoxide");
  } catch (cause) {
    throw new Error("the DynamoDB emulator is not installed: it exists for Linux on x64 only", {
      cause,
    });
  }
}

async function childPid(shell: ChildProcess): Promise<number> {
  const line = await new Promise<string>((resolve, reject) => {
    shell.stdout?.once("data", (chunk: Buffer) => resolve(chunk.toString()));
    shell.once("error", reject);
    shell.once("exit", () => reject(new Error("the DynamoDB emulator did not start")));
  });
  return Number(line);
}

async function waitFor<T>(probe: () => T | undefined | Promise<T | undefined>, failure: string) {
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const found = await probe();
    if (found !== undefined) {
      return found;
    }
    if (performance.now() > deadline) {
      throw new Error(failure);
    }
    await sleep(2);
  }
}

/**
 * The port on which a process listens. The emulator picks a free port itself, which no other
 * process can take in between, but it does not say which.
 */
function listeningPort(pid: number): number | undefined {
  const inodes = new Set(socketInodes(pid));
  for (const line of readFileSync("/proc/net/tcp", "utf8").split("\n").slice(1)) {
    const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
    if (state === "0A" && inodes.has(inode)) {
      return Number.parseInt(local.split(":")[1] ?? "", 16);
    }
  }
  return undefined;
}

function socketInodes(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
      const target = readlinkSync(`/proc/${pid}/fd/${descriptor}`);
      return /^socket:\[(\d+)\]$/.exec(target)?.slice(1) ?? [];
    });
  } catch {
    // A descriptor closed while we looked, or the process has not got that far.
    return [];
  }
}

async function answers(url: URL): Promise<true | undefined> {
  try {
    await fetch(url);
    return true;
  } catch {
    return undefined;
  }
}

/**
 * The emulator looks for the highest sequence number of a table's stream on every write, and has
 * no index to find it: without this one, writes slow down as the stream grows.
 */
function indexStreamRecords(databaseFile: string): void {
  const database = new DatabaseSync(databaseFile);
  database.exec(
    "PRAGMA busy_timeout = 5000; CREATE INDEX IF NOT EXISTS outpace_stream_sequence ON _stream_records(table_name, CAST(sequence_number AS INTEGER))",
  );
  database.close();
}
