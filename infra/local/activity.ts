/** Counts what is under way, so that one can wait until everything has come to rest. */
export type Activity = {
  /** Runs the work and counts it as under way until it settles. */
  readonly track: <T>(work: () => Promise<T>) => Promise<T>;
  readonly running: () => number;
  /** How many pieces of work have ever begun. */
  readonly begun: () => number;
  /** Resolves as soon as nothing is under way, or after that many milliseconds. */
  readonly atRest: (timeoutMs: number) => Promise<void>;
};

export function activityCounter(): Activity {
  let running = 0;
  let begun = 0;
  const rest = changeSignal();
  return {
    track: async (work) => {
      running += 1;
      begun += 1;
      try {
        return await work();
      } finally {
        running -= 1;
        if (running === 0) {
          rest.notify();
        }
      }
    },
    running: () => running,
    begun: () => begun,
    atRest: async (timeoutMs) => {
      if (running > 0) {
        await rest.after(rest.version(), timeoutMs);
      }
    },
  };
}

/** Says that something has changed to whoever waits for it. */
export type ChangeSignal = {
  readonly version: () => number;
  readonly notify: () => void;
  /** Wakes everybody who waits, although nothing has changed. */
  readonly interrupt: () => void;
  /** Resolves once the version is past the given one, or after that many milliseconds. */
  readonly after: (version: number, timeoutMs: number) => Promise<void>;
};

type Waiter = { readonly version: number; readonly wake: () => void };

export function changeSignal(): ChangeSignal {
  let version = 0;
  const waiting = new Set<Waiter>();
  const wakeUpTo = (reached: number) => {
    for (const waiter of waiting) {
      if (reached > waiter.version) {
        waiter.wake();
      }
    }
  };
  return {
    version: () => version,
    notify: () => {
      version += 1;
      wakeUpTo(version);
    },
    interrupt: () => wakeUpTo(Number.POSITIVE_INFINITY),
    after: (seen, timeoutMs) =>
      new Promise((resolve) => {
        if (version > seen || timeoutMs <= 0) {
          resolve();
          return;
        }
        const wake = () => {
          clearTimeout(timer);
          waiting.delete(waiter);
          resolve();
        };
        const timer = setTimeout(wake, timeoutMs);
        const waiter = { version: seen, wake };
        waiting.add(waiter);
      }),
  };
}
