import type { OutcomeEvent } from "../../shared/outcomes/outcome-event.ts";

/** A merged change of which a test says only what matters to it. */
export function anOutcomeEvent(overrides: Partial<OutcomeEvent> = {}): OutcomeEvent {
  return {
    id: "github:acme/web#4242",
    timeMs: Date.UTC(2026, 9, 6, 15),
    kind: "change_merged",
    user: "user-017-pseudonym-aaa",
    repository: "acme/web",
    branch: "feat/x",
    commits: ["0d1a26e6"],
    size: { additions: 120, deletions: 14, files: 5, ignoredLines: 0 },
    sessions: [],
    status: "succeeded",
    ...overrides,
  };
}
