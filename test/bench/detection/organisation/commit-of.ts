import { createHash } from "node:crypto";

/** A name as a commit hash: as long, and as different from its start on, as real ones are. */
export function commitOf(name: string): string {
  return createHash("sha1").update(name).digest("hex");
}
