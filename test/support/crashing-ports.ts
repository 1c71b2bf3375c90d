/** Where and how a run goes wrong: at the nth port call, before or after it takes effect. */
export type Fault = {
  readonly atCall: number;
  readonly moment: "before" | "after";
  /** `error`: the call throws. `death`: the process is gone, and nothing of it runs on. */
  readonly kind: "error" | "death";
};

type Port = Readonly<Record<string, (...args: never[]) => Promise<unknown>>>;

/** Counts port calls over all ports that it wraps, and lets one of them go wrong. */
export function crashingPorts(fault: Fault | undefined) {
  let calls = 0;
  let isDead = false;
  let announceDeath: (() => void) | undefined;

  const goWrong = (): Promise<never> => {
    if (fault?.kind === "error") {
      return Promise.reject(new Error("connection reset"));
    }
    isDead = true;
    announceDeath?.();
    return forever();
  };

  const wrapCall =
    (call: (...args: never[]) => Promise<unknown>) =>
    async (...args: never[]): Promise<unknown> => {
      if (isDead) {
        return forever();
      }
      calls += 1;
      const isFaulty = calls === fault?.atCall;
      if (isFaulty && fault.moment === "before") {
        return goWrong();
      }
      const answer = await call(...args);
      return isFaulty ? goWrong() : answer;
    };

  return {
    wrap: <P extends Port>(port: P): P =>
      // The wrapper has the same calls as the port; mapping over entries loses that.
      Object.fromEntries(Object.entries(port).map(([name, call]) => [name, wrapCall(call)])) as P,
    calls: () => calls,
    /** Runs one invocation to its end, or to its death. A later one is a new process. */
    invoke: async <T>(run: () => Promise<T>): Promise<T | "died"> => {
      isDead = false;
      const death = new Promise<"died">((resolve) => {
        announceDeath = () => resolve("died");
      });
      return Promise.race([run(), death]);
    },
  };
}

function forever(): Promise<never> {
  return new Promise(() => undefined);
}
