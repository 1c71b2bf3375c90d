import { CLAUDE_CODE_TOOL } from "./claude-code-identity.ts";
import type { TranscriptPlace } from "./claude-code-transcript-calls.ts";
import { CommitLine } from "./claude-code-transcript-line.ts";
import { givenFields } from "./given-fields.ts";
import type { Reading } from "./reading.ts";
import { NO_TOKENS } from "./usage-event.ts";

const MINUTE_MS = 60_000;

/**
 * Ties a session to a commit that one of its tools made, as telemetry does; the transcript has the
 * commit's abbreviated id. Its time is the start of the minute, as there.
 */
export function readCommitLine(value: unknown, { subject }: TranscriptPlace): Reading {
  const parsed = CommitLine.safeParse(value);
  if (!parsed.success) {
    return { kind: "ignored", name: "other-line" };
  }
  const { sessionId: session, timestamp, toolUseResult } = parsed.data;
  const { sha, branch } = toolUseResult.gitOperation.commit;
  const commit = sha.toLowerCase();
  return {
    kind: "accepted",
    event: {
      id: `link:${session}:${commit}`,
      grain: "link",
      timeMs: timestamp - (timestamp % MINUTE_MS),
      session,
      tool: CLAUDE_CODE_TOOL,
      provider: "-",
      model: "-",
      tokens: NO_TOKENS,
      commit,
      ...givenFields({ subject, branch }),
    },
  };
}
