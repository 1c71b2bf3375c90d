import { createHmac } from "node:crypto";
import { ENDS_MS, rfc3339 } from "./calendar.ts";
import { account, type Draft, MAIN_SHA, ORGANISATION, repositoryOf } from "./code-host.ts";
import { pushesOf } from "./pushes.ts";
import { randomStream } from "./random.ts";
import type { Change } from "./work.ts";

/** One webhook delivery of the code host. */
export type Delivery = Draft & { readonly id: string };

const DEPLOYER = { login: "github-actions[bot]", id: 41_898_282, type: "Bot" };

/** What the code host says of these changes, in order of time, up to the end of the demo. */
export function deliveriesOf(seed: number, changes: readonly Change[]): readonly Delivery[] {
  return changes
    .flatMap((change) => {
      const random = randomStream(seed, `delivery ${change.repository}#${change.number}`);
      return [...closed(change), ...pushesOf(seed, change), ...deployed(change)].map(
        (delivery) => ({
          ...delivery,
          id: random.uuid(),
        }),
      );
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
      sha: MAIN_SHA,
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
