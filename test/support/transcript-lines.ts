import type { UsageFile } from "./usage-files.ts";

export const SESSION = "0f6f7f3c-3c1a-4b7e-9d0e-5a4c2b1d0e9f";
export const SESSION_PATH = `projects/-home-dev-acme-web/${SESSION}.jsonl`;

/** Path of a sub-agent's transcript. */
export function agentPath(agent: string): string {
  return `projects/-home-dev-acme-web/${SESSION}/subagents/agent-${agent}.jsonl`;
}

export type ResponseLine = {
  readonly message?: string | null;
  readonly request?: string | null;
  readonly at?: string;
  readonly model?: string;
  readonly stopReason?: string | null;
  readonly usage?: Readonly<Record<string, unknown>>;
  readonly fields?: Readonly<Record<string, unknown>>;
};

/** One line of a response as Claude Code 2.1 writes it; a value may be left out or null. */
export function responseLine({
  message = "msg_01",
  request = "req_01",
  at = "2026-11-21T10:00:00.000Z",
  model = "claude-sonnet-4-5",
  stopReason = "end_turn",
  usage = {},
  fields = {},
}: ResponseLine = {}): string {
  return JSON.stringify({
    parentUuid: "p",
    isSidechain: false,
    message: {
      id: message,
      type: "message",
      role: "assistant",
      model,
      content: [{ type: "text", text: "(an answer)" }],
      stop_reason: stopReason,
      usage: {
        input_tokens: 10,
        cache_creation_input_tokens: 100,
        cache_read_input_tokens: 1_000,
        output_tokens: 50,
        ...usage,
      },
    },
    requestId: request,
    type: "assistant",
    uuid: `line-${message}-${at}`,
    timestamp: at,
    cwd: "/home/dev/acme-web",
    sessionId: SESSION,
    version: "2.1.330",
    gitBranch: "feat/cart",
    ...fields,
  });
}

export function sessionFile(...lines: readonly string[]): UsageFile {
  return { path: SESSION_PATH, lines };
}
