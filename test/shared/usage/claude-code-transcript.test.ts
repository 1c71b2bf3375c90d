import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CLAUDE_CODE_TRANSCRIPTS } from "../../../shared/usage/claude-code-transcript.ts";
import { NO_TOKENS } from "../../../shared/usage/usage-event.ts";
import {
  agentPath,
  type ResponseLine,
  responseLine,
  SESSION,
  sessionFile,
} from "../../support/transcript-lines.ts";
import { filesBelow, readUsageFiles, type UsageFile } from "../../support/usage-files.ts";

const FIXTURES = join(import.meta.dirname, "../../fixtures");
const EXPECTED = JSON.parse(readFileSync(join(FIXTURES, "EXPECTED.json"), "utf8"));

function read(...files: readonly UsageFile[]) {
  return readUsageFiles(CLAUDE_CODE_TRANSCRIPTS, files);
}

/** The calls of one session's file. */
function callsOf(...lines: readonly ResponseLine[]) {
  return read(sessionFile(...lines.map(responseLine))).accepted;
}

describe("CLAUDE_CODE_TRANSCRIPTS", () => {
  test.each(filesBelow(join(FIXTURES, "claude-transcripts")))(
    "counts each response of $path once, as computed apart from this code",
    (file) => {
      const calls = read(file).accepted.filter(({ grain }) => grain === "request");

      const sum = (pick: (call: (typeof calls)[number]) => number) =>
        calls.reduce((total, call) => total + pick(call), 0);
      expect({
        requests: calls.length,
        input: sum(({ tokens }) => tokens.uncachedInput),
        output: sum(({ tokens }) => tokens.output),
        cache_read: sum(({ tokens }) => tokens.cacheRead),
        cache_write: sum(({ tokens }) => tokens.cacheWrite5m + tokens.cacheWrite1h),
      }).toEqual(expectedTotals(file.path));
    },
  );

  test("is the call that Claude Code's telemetry reports, by the provider's request id", () => {
    const file = filesBelow(join(FIXTURES, "claude-transcripts")).find(({ path }) =>
      path.includes("225779bb"),
    );

    const [call] = read(file ?? sessionFile()).accepted;

    // As in claude-code-otel/pr-create.logs-1.json, which was captured with it.
    expect(call).toEqual({
      id: "anthropic:req_011CC3ex0000000001",
      grain: "request",
      timeMs: Date.parse("2026-11-21T22:03:57.661Z"),
      session: "225779bb-c7c9-4682-90e7-d71f76a7d5f6",
      tool: "claude-code",
      provider: "anthropic",
      model: "claude-sonnet-4-5",
      tokens: {
        uncachedInput: 123,
        cacheRead: 20_000,
        cacheWrite5m: 1_000,
        cacheWrite1h: 0,
        output: 456,
        reasoning: 0,
      },
      branch: "master",
      response: expect.stringMatching(/^[\w-]{8}$/),
    });
  });

  test("ties a session to the commit that its tool made, and to nothing else of the tool", () => {
    const file = filesBelow(join(FIXTURES, "claude-transcripts")).find(({ path }) =>
      path.includes("9d0bbe99"),
    );

    const links = read(file ?? sessionFile()).accepted.filter(({ grain }) => grain === "link");

    expect(links).toEqual([
      {
        id: "link:9d0bbe99-d739-49a1-8651-3907cc2ba04b:c10e6f4",
        grain: "link",
        timeMs: Date.parse("2026-11-21T22:02:00Z"),
        session: "9d0bbe99-d739-49a1-8651-3907cc2ba04b",
        tool: "claude-code",
        provider: "-",
        model: "-",
        tokens: NO_TOKENS,
        commit: "c10e6f4",
        branch: "master",
      },
    ]);
  });

  test("takes the line with more tokens, as streaming writes partial counts first", () => {
    const [call, ...others] = callsOf(
      { at: "2026-11-21T10:00:00.000Z", stopReason: null, usage: { output_tokens: 1 } },
      { at: "2026-11-21T10:00:03.000Z", usage: { output_tokens: 700 } },
      { at: "2026-11-21T10:00:03.500Z", stopReason: null, usage: { output_tokens: 8 } },
    );

    expect(others).toEqual([]);
    expect(call?.tokens.output).toBe(700);
    expect(call?.timeMs, "a later line must not move it to another day").toBe(
      Date.parse("2026-11-21T10:00:00Z"),
    );
  });

  test("finds the later lines of a response behind those of another", () => {
    const calls = callsOf(
      { message: "msg_01", request: "req_01", usage: { output_tokens: 1 } },
      { message: "msg_02", request: "req_02", usage: { output_tokens: 20 } },
      { message: "msg_01", request: "req_01", usage: { output_tokens: 300 } },
    );

    expect(calls.map(({ id, tokens }) => [id, tokens.output])).toEqual([
      ["anthropic:req_01", 300],
      ["anthropic:req_02", 20],
    ]);
  });

  test("names a response without a request id by its own id, also if only one line lacks it", () => {
    expect(callsOf({ request: null }).map(({ id }) => id)).toEqual(["anthropic:msg_01"]);
    expect(callsOf({ request: null }, {}).map(({ id }) => id)).toEqual(["anthropic:req_01"]);
    expect(callsOf({}, { request: null }).map(({ id }) => id)).toEqual(["anthropic:req_01"]);
  });

  test("counts two responses of which neither has an id of any kind, by their lines", () => {
    const calls = callsOf(
      { message: null, request: null, at: "2026-11-21T10:00:00.000Z" },
      { message: null, request: null, at: "2026-11-21T10:00:09.000Z" },
    );

    expect(calls).toHaveLength(2);
  });

  test.each(["first", "second"])(
    "lets a sub-agent's replay of a response under another request lose, if it comes %s",
    (position) => {
      const own = responseLine({ usage: { output_tokens: 50 } });
      const replay = responseLine({
        request: "req_replayed",
        usage: { output_tokens: 90 },
        fields: { isSidechain: true, agentId: "aside_question-c5e5" },
      });

      const { accepted } = read(
        sessionFile(...(position === "first" ? [replay, own] : [own, replay])),
      );

      expect(accepted.map(({ id, agent, tokens }) => [id, agent, tokens.output])).toEqual([
        ["anthropic:req_01", undefined, 50],
      ]);
    },
  );

  test("gives a request to the last of the responses that carry its id", () => {
    const calls = callsOf(
      { message: "msg_01", request: "req_09", at: "2026-11-21T10:00:00.000Z" },
      { message: "msg_02", request: "req_09", at: "2026-11-21T10:05:00.000Z" },
    );

    expect(calls.map(({ id }) => id)).toEqual(["anthropic:msg_01", "anthropic:req_09"]);
  });

  test("gives the replay in a sub-agent's own file the same second identity", () => {
    const replay = responseLine({
      request: "req_replayed",
      fields: { isSidechain: true, agentId: "aside_question-c5e5" },
    });

    const { accepted } = read(sessionFile(responseLine()), {
      path: agentPath("aside_question-c5e5"),
      lines: [replay],
    });

    expect(new Set(accepted.map(({ response }) => response)).size).toBe(1);
  });

  test("counts the calls of a sub-agent in its parent's session, as an agent of it (ccstats 85)", () => {
    const { accepted } = read(sessionFile(responseLine()), {
      path: agentPath("a1b2c3"),
      lines: [
        responseLine({
          message: "msg_02",
          request: "req_02",
          fields: { isSidechain: true, agentId: "a1b2c3" },
        }),
        // Versions before 2.1 do not name the agent in the line.
        responseLine({
          message: "msg_03",
          request: "req_03",
          fields: { isSidechain: true, sessionId: null },
        }),
      ],
    });

    expect(accepted.map(({ session, agent }) => [session, agent])).toEqual([
      [SESSION, undefined],
      [SESSION, "a1b2c3"],
      [SESSION, "a1b2c3"],
    ]);
  });

  test("says of a sub-agent's replay of its parent's history the same as the parent (ccusage 950, 1349, 1728)", () => {
    const history = [1, 2, 3].map((n) =>
      responseLine({ message: `msg_0${n}`, request: `req_0${n}` }),
    );
    const own = responseLine({
      message: "msg_09",
      request: "req_09",
      fields: { isSidechain: true, agentId: "fork" },
    });

    const { accepted } = read(sessionFile(...history), {
      path: agentPath("fork"),
      lines: [...history, own],
    });

    const distinct = new Set(accepted.map((event) => JSON.stringify(event)));
    expect(accepted).toHaveLength(7);
    expect(distinct.size, "the ledger keeps equal records once").toBe(4);
  });

  test("books what a fork replays to the session that it was forked from", () => {
    const fork = "11111111-3c1a-4b7e-9d0e-5a4c2b1d0e9f";
    const replay = responseLine({
      fields: { sessionId: fork, forkedFrom: { sessionId: SESSION, messageUuid: "u" } },
    });
    const own = responseLine({
      message: "msg_02",
      request: "req_02",
      fields: { sessionId: fork },
    });

    const { accepted } = read({
      path: `projects/-home-dev-acme-web/${fork}.jsonl`,
      lines: [replay, own],
    });

    expect(accepted.map(({ session }) => session)).toEqual([SESSION, fork]);
  });

  test("keeps the two lifetimes of cache writes apart, and takes the rest for five minutes", () => {
    const [call] = callsOf({
      usage: {
        cache_creation_input_tokens: 1_000,
        cache_creation: { ephemeral_1h_input_tokens: 700, ephemeral_5m_input_tokens: 200 },
      },
    });

    expect(call?.tokens).toMatchObject({ cacheWrite1h: 700, cacheWrite5m: 300 });
  });

  test.each([
    [{ speed: "fast", service_tier: "standard" }, "fast"],
    [{ speed: "standard", service_tier: "priority" }, "priority"],
    [{ service_tier: "batch" }, "batch"],
    [{ speed: "standard", service_tier: "standard" }, undefined],
    [{ speed: null, service_tier: null }, undefined],
  ])("reads the tier of %j", (usage, tier) => {
    expect(callsOf({ usage })[0]?.tier).toBe(tier);
  });

  test("takes null for not given", () => {
    const [call] = callsOf({
      usage: {
        cache_creation_input_tokens: null,
        cache_read_input_tokens: null,
        cache_creation: null,
        output_tokens_details: null,
      },
      fields: { agentId: null, isApiErrorMessage: null, costUSD: null, version: null, cwd: null },
    });

    expect(call?.tokens).toEqual({ ...NO_TOKENS, uncachedInput: 10, output: 50 });
    expect(call).not.toHaveProperty("reportedCostNanoUsd");
  });

  test("keeps the cost that old versions wrote as the sender's own estimate", () => {
    expect(callsOf({ fields: { costUSD: 0.0123 } })[0]?.reportedCostNanoUsd).toBe(12_300_000n);
  });

  test.each([
    ["msg_bdrk_01", "aws"],
    ["msg_vrtx_01", "google"],
    ["msg_01", "anthropic"],
  ])("takes a response %s for one of %s", (message, provider) => {
    expect(callsOf({ message })[0]?.provider).toBe(provider);
  });

  test("counts no message that Claude Code wrote itself, nor an error", () => {
    const { accepted, ignored } = read(
      sessionFile(
        responseLine({ model: "<synthetic>" }),
        responseLine({ message: "msg_02", fields: { isApiErrorMessage: true } }),
      ),
    );

    expect(accepted).toEqual([]);
    expect([...ignored]).toEqual([
      ["synthetic-message", 1],
      ["api-error-message", 1],
    ]);
  });

  test("leaves a response that is still being written for the next import", () => {
    const streaming = [responseLine({ stopReason: null, usage: { output_tokens: 1 } })];
    const whileWriting = Date.parse("2026-11-21T10:00:05Z");

    const now = readUsageFiles(CLAUDE_CODE_TRANSCRIPTS, [sessionFile(...streaming)], whileWriting);
    const later = read(sessionFile(...streaming, responseLine()));

    expect(now.accepted).toEqual([]);
    expect([...now.ignored]).toEqual([["unfinished-response", 1]]);
    expect(later.accepted.map(({ tokens }) => tokens.output)).toEqual([50]);
  });

  test("counts what old versions never said the end of", () => {
    expect(callsOf({ stopReason: null })).toHaveLength(1);
  });

  test("rejects a line that was cut off, and reads the others", () => {
    const whole = responseLine();
    const cutOff = whole.slice(0, whole.length >> 1);

    const { accepted, rejected } = read(sessionFile(cutOff, whole));

    expect(accepted).toHaveLength(1);
    expect(rejected.map(({ message }) => message)).toEqual(["must be valid JSON"]);
  });

  test.each([
    [{ usage: { output_tokens: -1 } }, "message.usage.output_tokens"],
    [{ usage: { input_tokens: null } }, "message.usage.input_tokens"],
    [{ usage: { cache_read_input_tokens: 1.5 } }, "message.usage.cache_read_input_tokens"],
    [{ model: "" }, "message.model"],
    [{ at: "yesterday" }, "timestamp"],
    [{ request: "a\u0000b" }, "requestId"],
    [{ fields: { costUSD: -1 } }, "costUSD"],
  ])("rejects a response that cannot be counted, and says where: %j", (line, path) => {
    const { accepted, rejected } = read(sessionFile(responseLine(line)));

    expect(accepted).toEqual([]);
    expect(rejected).toEqual([
      expect.objectContaining({ path, message: expect.stringMatching(/^must /) }),
    ]);
  });

  test("holds back a response whose time is to come", () => {
    const { quarantined } = read(sessionFile(responseLine({ at: "2027-11-21T10:00:00.000Z" })));

    expect(quarantined.map(({ reason }) => reason)).toEqual(["clock-in-future"]);
  });

  test("reads prompts, quoted transcripts and blobs of requests without keeping any of them", () => {
    const canary = "canary-7f3a";
    const { accepted, ignored } = read(
      sessionFile(
        JSON.stringify({ type: "user", message: { role: "user", content: canary } }),
        JSON.stringify({ type: "user", message: { content: responseLine() } }),
        JSON.stringify({
          type: "api-request-blob",
          body: { usage: {}, role: "assistant", canary },
        }),
        JSON.stringify({ type: "last-prompt", prompt: canary }),
        responseLine({ fields: { cwd: `/home/${canary}`, slug: canary } }),
      ),
    );

    expect(JSON.stringify(accepted)).not.toContain(canary);
    expect(accepted).toHaveLength(1);
    expect([...ignored]).toEqual([["other-line", 4]]);
  });

  test("takes the person from the folder that the files were dropped into", () => {
    const { accepted } = read({
      path: `User-017@Example.com/projects/-home-dev/${SESSION}.jsonl`,
      lines: [responseLine()],
    });

    expect(accepted.map(({ subject }) => subject)).toEqual(["user-017@example.com"]);
  });

  test.each([
    "projects/-home-dev/9d0bbe99/subagents/agent-a1.meta.json",
    "projects/-home-dev/9d0bbe99/tool-results/a1.jsonl",
    "settings.json",
  ])("does not read %s", (path) => {
    expect(CLAUDE_CODE_TRANSCRIPTS.select(path.split("/"))).toEqual({
      kind: "skipped",
      name: "not-a-transcript",
    });
  });
});

function expectedTotals(path: string): unknown {
  const name = path.split("/").at(-1);
  const { assistant_lines: _, ...totals } = EXPECTED[`claude-transcripts/${name}`];
  return totals;
}
