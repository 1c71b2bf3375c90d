import { normalisedSubject } from "../directory/subject.ts";
import { type RolloutCall, rolloutCalls, usageOfRolloutCall } from "./codex-rollout-calls.ts";
import { saysNothingOfUsage } from "./codex-rollout-line.ts";
import { rolloutLines } from "./codex-rollout-lines.ts";
import { parseDropJson } from "./drop-json.ts";
import { givenFields } from "./given-fields.ts";
import { heldBackIfInFuture, type Reading, readingOf } from "./reading.ts";
import type {
  DropSelection,
  UsageDropFormat,
  UsageFileContext,
  UsageLineReader,
} from "./usage-drop.ts";

/**
 * Codex's rollouts: `sessions/YYYY/MM/DD/rollout-<time>-<thread>.jsonl`. The form is internal to Codex,
 * so what is not known is skipped and counted by name.
 *
 * A call is told by a `token_usage_record`, which names the response, in later versions; and in all of
 * them by `token_count`, which repeats at times, and of which only the running total tells calls
 * apart. Threads that were forked or spawned begin with a replay of another thread.
 */
export const CODEX_ROLLOUTS: UsageDropFormat = { select, reader: rolloutReader };

/** A person's folder may stand in front: `user-017@example.com/sessions/…`. */
function select(path: readonly string[]): DropSelection {
  if (!/^rollout-.*\.jsonl$/.test(path.at(-1) ?? "")) {
    return { kind: "skipped", name: "not-a-rollout" };
  }
  const person = path[0]?.includes("@") ? normalisedSubject(path[0]) : undefined;
  return { kind: "read", ...givenFields({ subject: person }) };
}

function rolloutReader(context: UsageFileContext): UsageLineReader {
  const { nowMs, path } = context;
  const fileId = /([0-9a-f]{8}-[0-9a-f-]{27})\.jsonl$/.exec(path.at(-1) ?? "")?.[1] ?? "-";
  const rollout = rolloutLines(fileId);
  const calls = rolloutCalls();
  const settled = (call: RolloutCall): Reading =>
    heldBackIfInFuture(
      readingOf(() => ({
        kind: "accepted",
        event: usageOfRolloutCall(call, rollout.thread(), context),
      })),
      nowMs,
    );
  return {
    read: (line) => {
      if (saysNothingOfUsage(line)) {
        return [{ kind: "ignored", name: "other-line" }];
      }
      const parsed = parseDropJson(line);
      if (parsed.kind === "malformed") {
        return [{ kind: "rejected", path: "", message: parsed.message }];
      }
      const read = rollout.read(parsed.value);
      if ("kind" in read) {
        return [read];
      }
      return calls.add(read) ? [] : [{ kind: "ignored", name: "repeated-call" }];
    },
    end: () => calls.all().map(settled),
  };
}
