import { rfc3339 } from "./calendar.ts";
import { account, type Draft, MAIN_SHA, repositoryOf } from "./code-host.ts";
import { type TouchedFiles, touchedFiles } from "./touched-files.ts";
import type { Change } from "./work.ts";

/** What stands in place of the commit before, where a branch is new. */
const NO_COMMIT = "0".repeat(40);
/** The push comes after the merge that makes it. */
const AFTER_MERGE_MS = 1_000;

type Push = {
  readonly timeMs: number;
  readonly branch: string;
  readonly before: string;
  readonly sha: string;
  readonly message: string;
  readonly committer: { readonly name: string; readonly email: string; readonly username: string };
};

/**
 * The pushes of a change: of its branch when it is opened, which no outcome is read from, and of the commit
 * that its merge makes on the default branch, which tells of the files. The message of a revert names the
 * commit that it undoes.
 */
export function pushesOf(seed: number, change: Change): readonly Draft[] {
  const { author, branch, closes, headSha, mergeSha, number, openedMs, reverts, title } = change;
  const files = touchedFiles(seed, change);
  const opened = push(change, files, {
    timeMs: openedMs,
    branch,
    before: NO_COMMIT,
    sha: headSha,
    message: title,
    committer: { name: author.login, email: author.email, username: author.login },
  });
  if (closes?.merged !== true) {
    return [{ ...opened, outcomes: 0 }];
  }
  const undoes = reverts === undefined ? "" : `\n\nThis reverts commit ${reverts.mergeSha}.`;
  const merged = push(change, files, {
    timeMs: closes.timeMs + AFTER_MERGE_MS,
    branch: "main",
    before: reverts?.mergeSha ?? MAIN_SHA,
    sha: mergeSha,
    message: `${title} (#${number})${undoes}`,
    committer: { name: "GitHub", email: "noreply@github.com", username: "web-flow" },
  });
  return [
    { ...opened, outcomes: 0 },
    { ...merged, outcomes: reverts === undefined ? 1 : 2 },
  ];
}

function push(
  change: Change,
  files: TouchedFiles,
  { timeMs, branch, before, sha, message, committer }: Push,
): Omit<Draft, "outcomes"> {
  const { author, repository } = change;
  const created = before === NO_COMMIT;
  const commit = {
    id: sha,
    tree_id: change.headSha,
    distinct: true,
    message,
    timestamp: rfc3339(timeMs),
    url: `https://github.com/${repository}/commit/${sha}`,
    author: { name: author.login, email: author.email, username: author.login },
    committer,
    ...files,
  };
  const range = created ? sha.slice(0, 12) : `${before.slice(0, 12)}...${sha.slice(0, 12)}`;
  const payload = {
    ref: `refs/heads/${branch}`,
    before,
    after: sha,
    created,
    deleted: false,
    forced: false,
    base_ref: null,
    compare: `https://github.com/${repository}/compare/${range}`,
    commits: [commit],
    head_commit: commit,
    repository: {
      ...repositoryOf(change),
      created_at: 1_557_933_565,
      pushed_at: Math.floor(timeMs / 1_000),
    },
    pusher: { name: author.login, email: author.email },
    sender: account(author.login),
  };
  return { timeMs, event: "push", body: JSON.stringify(payload) };
}
