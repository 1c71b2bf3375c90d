import * as z from "zod";
import { LEDGER_KINDS, type OutcomeEvent } from "./outcome-event.ts";

const Count = z.int().nonnegative();
const Text = z.string();

const StoredOutcome = z.object({
  id: Text,
  timeMs: z.int(),
  kind: z.enum(LEDGER_KINDS),
  user: Text,
  repository: Text.exactOptional(),
  branch: Text.exactOptional(),
  commits: z.array(Text),
  task: Text.exactOptional(),
  size: z
    .object({ additions: Count, deletions: Count, files: Count, ignoredLines: Count })
    .exactOptional(),
  files: z.array(Text).exactOptional(),
  pushed: z.array(z.object({ commit: Text, files: z.array(Text) })).exactOptional(),
  environment: Text.exactOptional(),
  artifact: Text.exactOptional(),
  change: Text.exactOptional(),
  target: Text.exactOptional(),
  useCase: Text.exactOptional(),
  sessions: z.array(Text),
  status: z.enum(["succeeded", "failed", "rolled_back"]),
  reverts: Text.exactOptional(),
  sentBy: Text.exactOptional(),
});

/** One text for one outcome, whatever the order its fields were set in: equal facts are equal texts. */
export function encodeOutcome(outcome: OutcomeEvent): string {
  return JSON.stringify(StoredOutcome.parse(outcome));
}

/** @throws {z.ZodError} if the text is not what {@link encodeOutcome} wrote. */
export function decodeOutcome(text: string): OutcomeEvent {
  return StoredOutcome.parse(JSON.parse(text));
}
