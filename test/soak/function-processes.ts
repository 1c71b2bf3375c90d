import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { FromChild, ToChild } from "./function-child.ts";

export type FunctionSettings = {
  /** The bundle's entry file. */
  readonly file: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
};

export type Invoked = {
  readonly result: unknown;
  readonly metrics: Readonly<Record<string, number>>;
};

/** The process was killed, or ended by itself, while it worked. */
export class ProcessDiedError extends Error {
  override readonly name = "ProcessDiedError";
}

/** Processes that run one function, one invocation each at a time, and are replaced when they die. */
export type FunctionProcesses = {
  /** @throws {ProcessDiedError} if the process died with the invocation. */
  readonly invoke: (event: unknown) => Promise<Invoked>;
  /** Lets SIGKILL end the next process that takes an invocation, at some share of its usual length. */
  readonly killNext: (share: number) => void;
  /** SIGKILLs that met a process in the middle of an invocation. */
  readonly kills: () => number;
  readonly close: () => Promise<void>;
};

const KILL_PATIENCE_MS = 5_000;
const START_TIMEOUT_MS = 30_000;
/** How fast the usual length of an invocation follows the latest one. */
const SMOOTHING = 0.05;

type Environment = {
  readonly child: ChildProcess;
  readonly invoke: (event: unknown) => Promise<Invoked>;
  readonly isAlive: () => boolean;
};

export function functionProcesses(settings: FunctionSettings, size: number): FunctionProcesses {
  const free: Environment[] = [];
  const all = new Set<Environment>();
  const waiting: (() => void)[] = [];
  let running = 0;
  let kills = 0;
  const planned: number[] = [];
  let usualMs = 20;

  const killWithin = (environment: Environment, share: number) => {
    // Up to one and a half times the usual length: some of them meet the end of the work.
    const timer = setTimeout(
      () => {
        if (environment.isAlive() && !free.includes(environment)) {
          kills += 1;
          environment.child.kill("SIGKILL");
        } else {
          planned.push(share * 0.7);
        }
      },
      share * 1.5 * usualMs,
    );
    timer.unref();
  };

  const environmentFor = async () => {
    for (let next = free.pop(); next !== undefined; next = free.pop()) {
      if (next.isAlive()) {
        return next;
      }
    }
    const started = await startEnvironment(settings);
    all.add(started);
    return started;
  };

  const run = async (event: unknown): Promise<Invoked> => {
    const environment = await environmentFor();
    const share = planned.shift();
    if (share !== undefined) {
      killWithin(environment, share);
    }
    const startedAt = performance.now();
    try {
      return await environment.invoke(event);
    } finally {
      if (environment.isAlive()) {
        free.push(environment);
        usualMs += SMOOTHING * (performance.now() - startedAt - usualMs);
      } else {
        all.delete(environment);
      }
    }
  };

  return {
    invoke: async (event) => {
      if (running >= size) {
        await new Promise<void>((resolve) => waiting.push(resolve));
      } else {
        running += 1;
      }
      try {
        return await run(event);
      } finally {
        const next = waiting.shift();
        if (next === undefined) {
          running -= 1;
        } else {
          next();
        }
      }
    },
    killNext: (share) => {
      planned.push(share);
    },
    kills: () => kills,
    close: async () => {
      await Promise.all([...all].map(({ child }) => ended(child)));
    },
  };
}

async function startEnvironment({
  file,
  variables,
  timeoutMs,
}: FunctionSettings): Promise<Environment> {
  const child = fork(join(import.meta.dirname, "function-child.ts"), [file, String(timeoutMs)], {
    env: { PATH: process.env["PATH"] ?? "", ...variables },
    execArgv: ["--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    serialization: "advanced",
  });
  let isAlive = true;
  let settle: ((outcome: Invoked | Error) => void) | undefined;
  let lastId = 0;
  const outcome = (limitMs: number, begin: () => void) =>
    new Promise<Invoked>((resolve, reject) => {
      // As Lambda does with a function that outlives its time.
      const timer = setTimeout(() => child.kill("SIGKILL"), limitMs);
      settle = (value) => {
        clearTimeout(timer);
        settle = undefined;
        if (value instanceof Error) {
          reject(value);
        } else {
          resolve(value);
        }
      };
      begin();
    });
  child.on("message", (message: FromChild) => {
    if (message.kind === "failed") {
      settle?.(new Error(message.error));
    } else {
      settle?.(
        message.kind === "ready"
          ? { result: undefined, metrics: {} }
          : { result: message.result, metrics: message.metrics },
      );
    }
  });
  const die = (why: string) => {
    isAlive = false;
    settle?.(new ProcessDiedError(why));
  };
  child.on("error", (error) => die(error.message));
  child.on("exit", (code, signal) => die(`ended with ${signal ?? code}`));
  await outcome(START_TIMEOUT_MS, () => undefined);
  return {
    child,
    isAlive: () => isAlive,
    invoke: (event) =>
      outcome(timeoutMs + KILL_PATIENCE_MS, () => {
        lastId += 1;
        const message: ToChild = { id: lastId, event };
        child.send(message);
      }),
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill("SIGKILL");
    await exit;
  }
}
