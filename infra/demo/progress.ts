/** Says how far a long run is: one line that changes on a terminal, sparse lines elsewhere. */
export type Progress = {
  readonly say: (text: string) => void;
  /** Ends the line that changes. */
  readonly end: () => void;
};

type Output = Pick<NodeJS.WriteStream, "isTTY" | "write">;

const QUIET_MS = 5_000;
const WIDTH = 78;

export function progressLine(output: Output, nowMs: () => number): Progress {
  let lastMs = Number.NEGATIVE_INFINITY;
  return {
    say: (text) => {
      if (output.isTTY) {
        output.write(`\r${text.slice(0, WIDTH).padEnd(WIDTH)}`);
      } else if (nowMs() - lastMs >= QUIET_MS) {
        lastMs = nowMs();
        output.write(`${text}\n`);
      }
    },
    end: () => {
      if (output.isTTY) {
        output.write(`\r${" ".repeat(WIDTH)}\r`);
      }
    },
  };
}
