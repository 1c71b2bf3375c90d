import { createHmac } from "node:crypto";
import { ENDS_MS, rfc3339 } from "./calendar.ts";
import { TEAMS } from "./people.ts";
import { randomStream } from "./random.ts";
import type { Change } from "./work.ts";

/** One webhook delivery of the code host. */
export type Delivery = {
  readonly timeMs: number;
  readonly event: "pull_request" | "deployment_status" | "push";
  readonly id: string;
  /** Compact JSON: its signature is over these very bytes. */
  readonly body: string;
  /** What it tells that counts: 0 for what is only on the way, or was rejected. */
  readonly outcomes: number;
};

const ORGANISATION = { login: "acme", id: 9_001 };
const DEPLOYER = { login: "github-actions[bot]", id: 41_898_282, type: "Bot" };

/** What the code host says of these changes, in order of time, up to the end of the demo. */
export function deliveriesOf(seed: number, changes: readonly Change[]): readonly Delivery[] {
  return changes
    .flatMap((change) => {
      const random = randomStream(seed, `delivery ${change.repository}#${change.number}`);
      return [...closed(change), ...pushed(change), ...deployed(change)].map((delivery) => ({
        ...delivery,
        id: random.uuid(),
      }));
    })
    .filter((delivery) => delivery.timeMs < ENDS_MS)
    .sort((a, b) => a.timeMs - b.timeMs);
}

/**
 * Headers as GitHub sends them.
 *
 * @see https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
 */
export function deliveryHeaders(
  delivery: Pick<Delivery, "event" | "id" | "body">,
  secret: string,
): Readonly<Record<string, string>> {
  const signature = createHmac("sha256", secret).update(delivery.body, "utf8").digest("hex");
  return {
    "Content-Type": "application/json",
    "User-Agent": "GitHub-Hookshot/0d1a26e",
    "X-GitHub-Event": delivery.event,
    "X-GitHub-Delivery": delivery.id,
    "X-Hub-Signature-256": `sha256=${signature}`,
  };
}

type Draft = Omit<Delivery, "id">;

function closed(change: Change): Draft[] {
  if (change.closes === undefined) {
    return [];
  }
  const { timeMs, merged } = change.closes;
  const at = rfc3339(timeMs);
  const repository = repositoryOf(change);
  const pullRequest = {
    id: 279_000_000 + change.number,
    number: change.number,
    state: "closed",
    locked: false,
    title: change.title,
    body: change.body,
    user: account(change.author.login),
    html_url: `https://github.com/${change.repository}/pull/${change.number}`,
    created_at: rfc3339(change.openedMs),
    updated_at: at,
    closed_at: at,
    merged_at: merged ? at : null,
    // GitHub fills it for rejected ones too: the commit of a test merge.
    merge_commit_sha: change.mergeSha,
    draft: false,
    labels: [],
    head: {
      label: `acme:${change.branch}`,
      ref: change.branch,
      sha: change.headSha,
      repo: repository,
    },
    base: {
      label: "acme:main",
      ref: "main",
      sha: "f95f852bd8fca8fcc58a9a2d6c842781e32a215e",
      repo: repository,
    },
    merged,
    mergeable: null,
    merged_by: merged ? account(change.author.login) : null,
    comments: 1,
    review_comments: 2,
    commits: change.commits,
    additions: change.additions,
    deletions: change.deletions,
    changed_files: change.files,
    author_association: "MEMBER",
  };
  const payload = {
    action: "closed",
    number: change.number,
    pull_request: pullRequest,
    repository,
    organization: ORGANISATION,
    sender: account(change.author.login),
  };
  return [
    { timeMs, event: "pull_request", body: JSON.stringify(payload), outcomes: merged ? 1 : 0 },
  ];
}

/** The push of a revert to the default branch: its message names the commit that it undoes. */
function pushed(change: Change): Draft[] {
  if (change.reverts === undefined || change.closes === undefined) {
    return [];
  }
  const timeMs = change.closes.timeMs + 1_000;
  const { title, mergeSha } = change.reverts;
  const commit = {
    id: change.mergeSha,
    tree_id: change.headSha,
    distinct: true,
    message: `Revert "${title}" (#${change.number})\n\nThis reverts commit ${mergeSha}.`,
    timestamp: rfc3339(timeMs),
    url: `https://github.com/${change.repository}/commit/${change.mergeSha}`,
    author: {
      name: change.author.login,
      email: change.author.email,
      username: change.author.login,
    },
    committer: { name: "GitHub", email: "noreply@github.com", username: "web-flow" },
    added: [],
    removed: [],
    modified: ["src/index.ts"],
  };
  const payload = {
    ref: "refs/heads/main",
    before: mergeSha,
    after: change.mergeSha,
    created: false,
    deleted: false,
    forced: false,
    base_ref: null,
    compare: `https://github.com/${change.repository}/compare/${mergeSha.slice(0, 12)}...${change.mergeSha.slice(0, 12)}`,
    commits: [commit],
    head_commit: commit,
    repository: {
      ...repositoryOf(change),
      created_at: 1_557_933_565,
      pushed_at: Math.floor(timeMs / 1_000),
    },
    pusher: { name: change.author.login, email: change.author.email },
    sender: account(change.author.login),
  };
  return [{ timeMs, event: "push", body: JSON.stringify(payload), outcomes: 2 }];
}

/** In so many deployments the code host tells of one that is only on its way. */
const IN_PROGRESS_EVERY = 8;

/** A deployment that ends. Some are announced before: only the end counts. */
function deployed(change: Change): Draft[] {
  if (change.deployed === undefined) {
    return [];
  }
  const { timeMs, id } = change.deployed;
  const succeeded = deploymentStatus(change, id, timeMs, "success");
  return id % IN_PROGRESS_EVERY === 0
    ? [deploymentStatus(change, id, timeMs - 240_000, "in_progress"), succeeded]
    : [succeeded];
}

function deploymentStatus(
  change: Change,
  id: number,
  timeMs: number,
  state: "in_progress" | "success",
): Draft {
  const at = rfc3339(timeMs);
  const succeeded = state === "success";
  const payload = {
    action: "created",
    deployment_status: {
      id: id * 2 + (succeeded ? 1 : 0),
      state,
      creator: DEPLOYER,
      description: "",
      environment: "production",
      target_url: "",
      log_url: "",
      environment_url: "https://www.example.com",
      created_at: at,
      updated_at: at,
    },
    deployment: {
      id,
      sha: change.mergeSha,
      ref: "main",
      task: "deploy",
      environment: "production",
      original_environment: "production",
      description: null,
      creator: DEPLOYER,
      created_at: at,
      updated_at: at,
      payload: {},
      transient_environment: false,
      production_environment: true,
    },
    repository: repositoryOf(change),
    organization: ORGANISATION,
    sender: DEPLOYER,
  };
  return {
    timeMs,
    event: "deployment_status",
    body: JSON.stringify(payload),
    outcomes: succeeded ? 1 : 0,
  };
}

function account(login: string) {
  return { login, id: 1_000 + Number(login.slice(-3)), type: "User" };
}

function repositoryOf(change: Change) {
  const name = change.repository.slice("acme/".length);
  const names: readonly string[] = TEAMS.flatMap((team) => [...team.repositories]);
  return {
    id: 186_853_000 + names.indexOf(name),
    name,
    full_name: change.repository,
    private: true,
    html_url: `https://github.com/${change.repository}`,
    default_branch: "main",
    owner: { ...ORGANISATION, type: "Organization" },
  };
}
