import * as z from "zod";
import type { OtlpLogRecord } from "../otlp/export-request.ts";
import { parseBoundedJson } from "../wire/bounded-json.ts";
import { claudeCodeContext } from "./claude-code-identity.ts";
import { isCommit, isPlainText, MAX_LENGTH } from "./field-limits.ts";
import { givenFields } from "./given-fields.ts";
import { otlpEventTimeMs } from "./otlp-event.ts";
import { otlpFields } from "./otlp-fields.ts";
import type { Reading } from "./reading.ts";
import { NO_TOKENS } from "./usage-event.ts";

const MINUTE_MS = 60_000;

const HeadAttributes = z.object({
  "vcs.ref.head.revision": z.string().refine(isCommit).optional().catch(undefined),
  "vcs.ref.head.name": z.string().refine(isName).optional().catch(undefined),
});

const ToolParameters = z.object({
  git_commit_id: z.string().refine(isCommit).optional().catch(undefined),
  git_branch: z.string().refine(isName).optional().catch(undefined),
});

/**
 * Ties a session to a commit that one of its tools made. Of the tool's parameters, a JSON text that
 * holds whole command lines, only the commit and the branch are read.
 *
 * There is one link per session and commit. Its time is the start of the minute, so that the same
 * commit seen again within it is the same record.
 */
export function readCommitLink(record: OtlpLogRecord): Reading {
  const { agent: _, branch: contextBranch, ...context } = claudeCodeContext(otlpFields(record));
  const head = headOf(record);
  if (head.commit === undefined || context.session === "-") {
    return { kind: "ignored", name: "tool_result" };
  }
  const commit = head.commit.toLowerCase();
  const timeMs = otlpEventTimeMs(record);
  return {
    kind: "accepted",
    event: {
      id: `link:${context.session}:${commit}`,
      grain: "link",
      timeMs: timeMs - (timeMs % MINUTE_MS),
      ...context,
      provider: "-",
      model: "-",
      tokens: NO_TOKENS,
      commit,
      ...givenFields({ branch: head.branch ?? contextBranch }),
    },
  };
}

function headOf({ attributes }: OtlpLogRecord) {
  const head = HeadAttributes.parse(Object.fromEntries(attributes));
  const parameters = toolParameters(attributes.get("tool_parameters"));
  return {
    commit: head["vcs.ref.head.revision"] ?? parameters.git_commit_id,
    branch: head["vcs.ref.head.name"] ?? parameters.git_branch,
  };
}

function toolParameters(value: unknown): z.infer<typeof ToolParameters> {
  if (typeof value !== "string") {
    return {};
  }
  const parsed = parseBoundedJson(value, { maxDepth: 8, maxValues: 1_000 });
  const parameters = ToolParameters.safeParse(parsed.kind === "json" ? parsed.value : undefined);
  return parameters.success ? parameters.data : {};
}

function isName(text: string): boolean {
  return isPlainText(text, MAX_LENGTH.name);
}
