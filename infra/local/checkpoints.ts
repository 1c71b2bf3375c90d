import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFileWhole } from "./state-folder.ts";

/** How far an event source mapping has got in a stream, kept over restarts. */
export type Checkpoint = {
  /** Sequence number of the last record that is done with. */
  readonly read: () => string | undefined;
  readonly write: (sequenceNumber: string) => void;
};

export function fileCheckpoint(statePath: string, logicalId: string): Checkpoint {
  const file = join(statePath, "checkpoints", logicalId);
  let last = readIfThere(file);
  return {
    read: () => last,
    write: (sequenceNumber) => {
      if (sequenceNumber !== last) {
        writeFileWhole(file, sequenceNumber);
        last = sequenceNumber;
      }
    },
  };
}

function readIfThere(file: string): string | undefined {
  try {
    const text = readFileSync(file, "utf8");
    return /^\d+$/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
