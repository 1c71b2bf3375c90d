import type { Terminal } from "../../infra/cli/command-line.ts";

export type RecordedTerminal = Terminal & {
  /** What went to stdout. */
  readonly printed: readonly string[];
  /** What went to stderr. */
  readonly remarks: readonly string[];
};

export function recordedTerminal(): RecordedTerminal {
  const printed: string[] = [];
  const remarks: string[] = [];
  return {
    printed,
    remarks,
    print: (line) => printed.push(line),
    remark: (line) => remarks.push(line),
  };
}
