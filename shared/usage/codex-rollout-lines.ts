import type * as z from "zod";
import { schemaFault } from "../wire/schema-fault.ts";
import { isNothing, type RolloutCall, usageSince } from "./codex-rollout-calls.ts";
import {
  rolloutLineKind,
  SessionMeta,
  type SessionUsage,
  TaskStarted,
  TokenCount,
  TokenUsageRecord,
  TurnContext,
} from "./codex-rollout-line.ts";
import { isReplay, type RolloutThread, rolloutThread } from "./codex-rollout-thread.ts";
import type { Reading } from "./reading.ts";

/** Reads the lines of a rollout in order: what a call's line leaves out, earlier lines have said. */
export type RolloutLines = {
  readonly read: (value: unknown) => RolloutCall | Reading;
  /** Whose the calls are. */
  readonly thread: () => RolloutThread;
};

/** @param fileId the thread as the file's name says it, for a file that does not say it itself. */
export function rolloutLines(fileId: string): RolloutLines {
  let thread: RolloutThread | undefined;
  let model: string | undefined;
  let turn: string | undefined;
  let total: SessionUsage | undefined;

  /** The first is the file's own; the next is a copy of its parent's. */
  const readMeta = (value: unknown): Reading => {
    const meta = SessionMeta.safeParse(value).data;
    thread ??= meta && rolloutThread(meta, fileId);
    return ignored("session_meta");
  };

  const readTurnContext = (value: unknown): Reading => {
    const { payload } = TurnContext.safeParse(value).data ?? {};
    model = payload?.model ?? model;
    turn = payload?.turn_id ?? turn;
    return ignored("turn_context");
  };

  const readTaskStarted = (value: unknown): Reading => {
    turn = TaskStarted.safeParse(value).data?.payload.turn_id ?? turn;
    return ignored("task_started");
  };

  const readRecord = (value: unknown): RolloutCall | Reading => {
    const parsed = TokenUsageRecord.safeParse(value);
    if (!parsed.success) {
      return rejectedFor(parsed.error);
    }
    const { timestamp: timeMs, payload } = parsed.data;
    const isOthers = payload.thread_id !== undefined && payload.thread_id !== thread?.id;
    const turnOfCall = payload.turn_id ?? turn;
    if ((isOthers && thread?.hasParent) || isOfParent(timeMs, turnOfCall)) {
      return ignored("replay");
    }
    return {
      source: "record",
      timeMs,
      model,
      turn: turnOfCall,
      usage: payload.usage,
      path: "payload.usage",
      ...(payload.response_id && { responseId: payload.response_id }),
      ...(payload.thread_token_usage && { total: payload.thread_token_usage }),
    };
  };

  const readCount = (value: unknown): RolloutCall | Reading => {
    const parsed = TokenCount.safeParse(value);
    if (!parsed.success) {
      return rejectedFor(parsed.error);
    }
    const { timestamp: timeMs, payload } = parsed.data;
    const before = total;
    total = payload.info?.total_token_usage ?? total;
    if (isOfParent(timeMs, turn)) {
      return ignored("replay");
    }
    const usage =
      payload.info?.last_token_usage ??
      (payload.info?.total_token_usage && usageSince(payload.info.total_token_usage, before));
    if (!usage || isNothing(usage)) {
      return ignored("token_count");
    }
    return {
      source: "count",
      timeMs,
      model: payload.info?.model ?? model,
      turn,
      usage,
      path: "payload.info.last_token_usage",
      ...(payload.info?.total_token_usage && { total: payload.info.total_token_usage }),
    };
  };

  const isOfParent = (timeMs: number, turnOfCall: string | undefined) =>
    thread !== undefined && isReplay(thread, { timeMs, turn: turnOfCall });

  const readers = new Map<string, (value: unknown) => RolloutCall | Reading>([
    ["session_meta", readMeta],
    ["turn_context", readTurnContext],
    ["event_msg/task_started", readTaskStarted],
    ["token_usage_record", readRecord],
    ["event_msg/token_count", readCount],
  ]);
  return {
    read: (value) => readers.get(rolloutLineKind(value))?.(value) ?? ignored("other-line"),
    thread: () => thread ?? unnamedThread(fileId),
  };
}

function unnamedThread(id: string): RolloutThread {
  return { id, session: id, provider: "openai", hasParent: false, startMs: 0 };
}

function ignored(name: string): Reading {
  return { kind: "ignored", name };
}

/** The first thing wrong, without any text of the line. */
function rejectedFor(error: z.ZodError): Reading {
  return { kind: "rejected", ...schemaFault(error) };
}
