import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CODEX_ROLLOUTS } from "../../../shared/usage/codex-rollout.ts";
import { NO_TOKENS } from "../../../shared/usage/usage-event.ts";
import { readUsageFiles, type UsageFile } from "../../support/usage-files.ts";

const FIXTURE = join(import.meta.dirname, "../../fixtures/codex/rollout.jsonl");

/** UUIDs of version 7, by the minute of 2026-11-21 10:00 UTC that they begin with. */
function uuid(minute: number, id: string): string {
  const hex = Date.UTC(2026, 10, 21, 10, minute).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${id.padStart(12, "0")}`;
}
const at = (minute: number, second = 0) =>
  new Date(Date.UTC(2026, 10, 21, 10, minute, second)).toISOString();

const PARENT = uuid(0, "a");
const CHILD = uuid(30, "b");

type Usage = readonly [input: number, cached: number, output: number, reasoning?: number];
const counts = ([input, cached, output, reasoning = 0]: Usage) => ({
  input_tokens: input,
  cached_input_tokens: cached,
  output_tokens: output,
  reasoning_output_tokens: reasoning,
  total_tokens: input + output,
});

const line = (type: string, timestamp: string, payload: object) =>
  JSON.stringify({ timestamp, type, payload });
const meta = (timestamp: string, payload: object) =>
  line("session_meta", timestamp, {
    cwd: "/home/dev/acme-web",
    model_provider: "openai",
    ...payload,
  });
const turn = (timestamp: string, id: string, model = "gpt-5.1-codex") => [
  line("event_msg", timestamp, { type: "task_started", turn_id: id }),
  line("turn_context", timestamp, { turn_id: id, model }),
];
const count = (timestamp: string, total: Usage | null, last: Usage | null) =>
  line("event_msg", timestamp, {
    type: "token_count",
    info: {
      ...(total && { total_token_usage: counts(total) }),
      ...(last && { last_token_usage: counts(last) }),
    },
  });
const record = (
  timestamp: string,
  thread: string,
  turnId: string,
  response: string,
  usage: Usage,
) =>
  line("token_usage_record", timestamp, {
    thread_id: thread,
    turn_id: turnId,
    session_id: thread,
    response_id: response,
    usage: counts(usage),
  });

function file(id: string, ...lines: readonly string[]): UsageFile {
  return { path: `sessions/2026/11/21/rollout-2026-11-21T10-00-00-${id}.jsonl`, lines };
}
function read(...files: readonly UsageFile[]) {
  return readUsageFiles(CODEX_ROLLOUTS, files);
}
const billed = ({ accepted }: ReturnType<typeof read>) =>
  accepted.map(({ tokens }) => tokens.uncachedInput + tokens.cacheRead + tokens.output);

describe("CODEX_ROLLOUTS", () => {
  test("counts the call of a captured rollout once, though a record and a count tell of it", () => {
    const lines = readFileSync(FIXTURE, "utf8").trim().split("\n");

    const { accepted, rejected } = read(file("01a20026-2b04-7800-a44c-5f8d3e30e458", ...lines));

    // Input 5000 of which 4000 were cached, output 300 of which 120 were reasoning.
    expect(rejected).toEqual([]);
    expect(accepted).toEqual([
      {
        id: "openai:resp_0a1b2c3d",
        grain: "request",
        timeMs: Date.parse("2026-11-21T22:07:11.203Z"),
        session: "01a20026-2b04-7800-a44c-5f8d3e30e458",
        tool: "codex",
        provider: "openai",
        model: "gpt-5.1-codex",
        tokens: {
          ...NO_TOKENS,
          uncachedInput: 1_000,
          cacheRead: 4_000,
          output: 300,
          reasoning: 120,
        },
        branch: "feat/cart",
        repository: "acme/widgets",
        response: expect.stringMatching(/^[\w-]{8}$/),
      },
    ]);
  });

  test("counts a call once that older versions tell of again and again", () => {
    const result = read(
      file(
        PARENT,
        meta(at(0), { id: PARENT }),
        ...turn(at(0), uuid(0, "1")),
        count(at(1), [1_000, 0, 100], [1_000, 0, 100]),
        count(at(1, 1), [1_000, 0, 100], [1_000, 0, 100]),
        count(at(2), [3_000, 900, 150], [2_000, 900, 50]),
        count(at(3), [3_000, 900, 150], [2_000, 900, 50]),
      ),
    );

    expect(billed(result)).toEqual([1_100, 2_050]);
    expect(result.ignored.get("repeated-call")).toBe(2);
  });

  test("counts two calls that used the same, as the running total tells them apart", () => {
    const same: Usage = [500, 0, 20];
    const result = read(
      file(
        PARENT,
        meta(at(0), { id: PARENT }),
        ...turn(at(0), uuid(0, "1")),
        count(at(1), same, same),
        count(at(2), [1_000, 0, 40], same),
      ),
    );

    expect(billed(result)).toEqual([520, 520]);
    expect(new Set(result.accepted.map(({ id }) => id)).size).toBe(2);
  });

  test("takes the increase of the total where a version tells nothing else", () => {
    const result = read(
      file(
        PARENT,
        meta(at(0), { id: PARENT }),
        ...turn(at(0), uuid(0, "1")),
        count(at(1), [1_000, 800, 100, 60], null),
        count(at(2), [1_500, 1_200, 130, 70], null),
      ),
    );

    expect(result.accepted.map(({ tokens }) => tokens)).toEqual([
      { ...NO_TOKENS, uncachedInput: 200, cacheRead: 800, output: 100, reasoning: 60 },
      { ...NO_TOKENS, uncachedInput: 100, cacheRead: 400, output: 30, reasoning: 10 },
    ]);
  });

  test("believes the records of a turn, and the counts of turns without records", () => {
    const result = read(
      file(
        PARENT,
        meta(at(0), { id: PARENT }),
        ...turn(at(0), uuid(0, "1")),
        count(at(1), [1_000, 0, 100], [1_000, 0, 100]),
        ...turn(at(5), uuid(5, "2")),
        // The count came first, and counts what the record does not.
        count(at(6), [2_100, 0, 200], [1_100, 0, 100]),
        record(at(6), PARENT, uuid(5, "2"), "resp_2", [1_000, 0, 100]),
      ),
    );

    expect(result.accepted.map(({ id }) => id)).toEqual([
      `codex:${PARENT}:total:1000-0-0-100-0`,
      "openai:resp_2",
    ]);
    expect(billed(result)).toEqual([1_100, 1_100]);
  });

  test.each([
    ["with their own times", at(1), at(2)],
    ["with the time of the fork", at(30), at(30)],
  ])("leaves out what a fork replays of its parent, %s (ccusage 950, 1370)", (_, first, second) => {
    const history = [
      ...turn(first, uuid(0, "1")),
      count(first, [1_000, 0, 100], [1_000, 0, 100]),
      count(second, [3_000, 0, 150], [2_000, 0, 50]),
    ];
    const result = read(
      file(
        CHILD,
        meta(at(30), { id: CHILD, forked_from_id: PARENT }),
        meta(first, { id: PARENT }),
        ...history,
        ...turn(at(31), uuid(31, "9")),
        count(at(32), [3_700, 0, 170], [700, 0, 20]),
      ),
    );

    expect(billed(result)).toEqual([720]);
    expect(result.accepted.map(({ session }) => session)).toEqual([CHILD]);
    expect(result.ignored.get("replay")).toBe(2);
  });

  test("leaves out a replay whose turns have no names, by the time of the fork", () => {
    const result = read(
      file(
        CHILD,
        meta(at(30), { id: CHILD, forked_from_id: PARENT }),
        meta(at(30), { id: PARENT }),
        line("turn_context", at(30), { model: "gpt-5-codex" }),
        count(at(30), [1_000, 0, 100], [1_000, 0, 100]),
        count(at(40), [1_300, 0, 110], [300, 0, 10]),
      ),
    );

    expect(billed(result)).toEqual([310]);
  });

  test("counts the first call of a sub-agent that replays nothing, in the session that it works for", () => {
    const result = read(
      file(
        CHILD,
        meta(at(30), {
          id: CHILD,
          session_id: PARENT,
          source: { subagent: { thread_spawn: { parent_thread_id: PARENT } } },
        }),
        meta(at(0), { id: PARENT }),
        ...turn(at(30), uuid(30, "1")),
        count(at(30), [900, 0, 30], [900, 0, 30]),
      ),
    );

    expect(result.accepted.map(({ session, agent }) => [session, agent])).toEqual([
      [PARENT, CHILD],
    ]);
    expect(billed(result)).toEqual([930]);
  });

  test("leaves out a record that names another thread", () => {
    const result = read(
      file(
        CHILD,
        meta(at(30), { id: CHILD, forked_from_id: PARENT }),
        record(at(31), PARENT, uuid(31, "1"), "resp_1", [1_000, 0, 100]),
      ),
    );

    expect(result.accepted).toEqual([]);
    expect(result.ignored.get("replay")).toBe(1);
  });

  test("takes each call's model from the turn that it belongs to", () => {
    const result = read(
      file(
        PARENT,
        meta(at(0), { id: PARENT }),
        ...turn(at(0), uuid(0, "1"), "gpt-5.1-codex"),
        record(at(1), PARENT, uuid(0, "1"), "resp_1", [1_000, 0, 100]),
        ...turn(at(5), uuid(5, "2"), "GPT-5.1-codex-mini"),
        record(at(6), PARENT, uuid(5, "2"), "resp_2", [1_000, 0, 100]),
      ),
    );

    expect(result.accepted.map(({ model }) => model)).toEqual([
      "gpt-5.1-codex",
      "gpt-5.1-codex-mini",
    ]);
  });

  test("ignores what tells only the limits of the plan", () => {
    const { accepted, rejected } = read(
      file(
        PARENT,
        meta(at(0), { id: PARENT }),
        line("event_msg", at(1), { type: "token_count", info: null, rate_limits: {} }),
      ),
    );

    expect([accepted, rejected]).toEqual([[], []]);
  });

  test.each([
    ["less input than was cached", [100, 200, 10] as const, "payload.usage.input_tokens"],
    ["less output than reasoning", [100, 0, 10, 20] as const, "payload.usage.output_tokens"],
    ["a negative count", [-1, 0, 10] as const, "payload.usage.input_tokens"],
  ])("rejects %s, and says where", (_, usage, path) => {
    const { accepted, rejected } = read(
      file(
        PARENT,
        meta(at(0), { id: PARENT }),
        ...turn(at(0), uuid(0, "1")),
        record(at(1), PARENT, uuid(0, "1"), "resp_1", usage),
      ),
    );

    expect(accepted).toEqual([]);
    expect(rejected.map((fault) => fault.path)).toEqual([path]);
  });

  test("rejects a call of which no model is known: it could not be priced", () => {
    const { rejected } = read(
      file(
        PARENT,
        meta(at(0), { id: PARENT }),
        record(at(1), PARENT, uuid(0, "1"), "resp_1", [1_000, 0, 100]),
      ),
    );

    expect(rejected.map(({ path }) => path)).toEqual(["turn_context.payload.model"]);
  });

  test("keeps nothing of what was said or where", () => {
    const canary = "canary-7f3a";
    const { accepted } = read(
      file(
        PARENT,
        meta(at(0), { id: PARENT, cwd: canary, instructions: canary }),
        line("response_item", at(0), { type: "message", content: [{ text: canary }] }),
        ...turn(at(0), uuid(0, "1")),
        record(at(1), PARENT, uuid(0, "1"), "resp_1", [1_000, 0, 100]),
      ),
    );

    expect(accepted).toHaveLength(1);
    expect(JSON.stringify(accepted)).not.toContain(canary);
  });

  test.each([
    ["https://github.com/acme/widgets.git", "acme/widgets"],
    ["git@github.com:acme/widgets.git", "acme/widgets"],
    ["ssh://git@example.com/group/acme/widgets", "acme/widgets"],
    ["widgets", undefined],
  ])("reads the repository of %s", (url, repository) => {
    const { accepted } = read(
      file(
        PARENT,
        meta(at(0), { id: PARENT, git: { repository_url: url } }),
        ...turn(at(0), uuid(0, "1")),
        record(at(1), PARENT, uuid(0, "1"), "resp_1", [1_000, 0, 100]),
      ),
    );

    expect(accepted[0]?.repository).toBe(repository);
  });

  test("reads rollouts only, and the person from the folder in front", () => {
    const select = (path: string) => CODEX_ROLLOUTS.select(path.split("/"));

    expect(select("history.jsonl").kind).toBe("skipped");
    expect(select("user-017@example.com/sessions/2026/11/21/rollout-1.jsonl")).toEqual({
      kind: "read",
      subject: "user-017@example.com",
    });
  });
});
