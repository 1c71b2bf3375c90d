import * as z from "zod";
import { isCommit, isPlainText, MAX_LENGTH } from "../usage/field-limits.ts";
import { OffsetTime } from "./offset-time.ts";
import type { SentOutcome } from "./outcome-event.ts";
import { NOT_PRODUCTION, productionNameAmong } from "./production-environment.ts";
import { repositoryOfUrl } from "./repository-url.ts";
import { ignored, readFields, type WebhookReading } from "./webhook-reading.ts";

const TEXT_MESSAGE = "must be a text of 1 to 200 characters";
const Text = z
  .string(TEXT_MESSAGE)
  .refine((value) => isPlainText(value, MAX_LENGTH.name), TEXT_MESSAGE);
const COMMIT_MESSAGE = "must be a commit id of 7 to 64 hexadecimal digits";
const Commit = z.string(COMMIT_MESSAGE).refine(isCommit, COMMIT_MESSAGE).toLowerCase();

const DeployedCommit = z.object({
  repoUrl: Text,
  commitSha: Commit,
  startedDate: OffsetTime.nullish(),
  finishedDate: OffsetTime.nullish(),
});

const Deployment = z.object({
  id: Text.nullish(),
  // The defaults are DevLake's.
  result: z.string().nullish(),
  environment: z.string().nullish(),
  startedDate: OffsetTime.nullish(),
  finishedDate: OffsetTime.nullish(),
  deploymentCommits: z.array(DeployedCommit).min(1).max(100),
});
type Deployment = z.infer<typeof Deployment>;

/** Names that DevLake had before, and still takes. */
const OLDER_NAMES: Readonly<Record<string, string>> = {
  pipeline_id: "id",
  repo_url: "repoUrl",
  commit_sha: "commitSha",
  start_time: "startedDate",
  end_time: "finishedDate",
  started_date: "startedDate",
  finished_date: "finishedDate",
  deployment_commits: "deploymentCommits",
};

const STATUS_OF_RESULT: ReadonlyMap<string, "succeeded" | "failed"> = new Map([
  ["SUCCESS", "succeeded"],
  ["FAILURE", "failed"],
]);

/**
 * Reads a deployment as Apache DevLake's webhook takes it, in the newer form (camel case, with a list
 * of commits) or in the older (snake case, one commit). One outcome for each commit that it deploys.
 *
 * @param connection The number in the path: senders with different numbers have different ids.
 * @see https://devlake.apache.org/docs/Plugins/webhook
 */
export function readDevlakeDeployment(
  payload: unknown,
  connection: string,
  productionEnvironments: readonly string[],
): WebhookReading {
  return readFields(Deployment, inNewerForm(payload), (deployment) => {
    const status = STATUS_OF_RESULT.get(deployment.result?.toUpperCase() ?? "SUCCESS");
    if (status === undefined) {
      return ignored("the result is neither SUCCESS nor FAILURE");
    }
    const environment = productionNameAmong(
      [deployment.environment ?? "PRODUCTION"],
      productionEnvironments,
    );
    if (environment === undefined) {
      return ignored(NOT_PRODUCTION);
    }
    return deployed(deployment, connection, { kind: "deployment", status, environment });
  });
}

function deployed(
  deployment: Deployment,
  connection: string,
  common: Pick<SentOutcome, "kind" | "status" | "environment">,
): WebhookReading {
  const outcomes: SentOutcome[] = [];
  for (const [index, commit] of deployment.deploymentCommits.entries()) {
    const timeMs = endOf(commit) ?? endOf(deployment);
    if (timeMs === undefined) {
      const path = `deploymentCommits.${index}.finishedDate`;
      return { kind: "malformed", path, message: "is missing: neither here nor above is a date" };
    }
    const repository = repositoryOfUrl(commit.repoUrl);
    const id = deployment.id ?? String(timeMs);
    outcomes.push({
      ...common,
      id: `devlake:${connection}/${id}:${commit.commitSha.slice(0, 12)}${common.status === "failed" ? "/failed" : ""}`,
      timeMs,
      repository,
      commits: [commit.commitSha],
      sessions: [],
      // However many commits it ships: what nothing else is known of is one piece of work.
      ...(deployment.deploymentCommits.length > 1 && { task: `devlake:${connection}/${id}` }),
    });
  }
  return { kind: "outcomes", restated: "duplicate", outcomes };
}

/** DevLake itself takes the time of arrival, which would be another one each time it is sent. */
function endOf({ finishedDate, startedDate }: Partial<Deployment>): number | undefined {
  return finishedDate ?? startedDate ?? undefined;
}

function inNewerForm(payload: unknown): unknown {
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) {
    return payload;
  }
  const deployment = renamed(payload);
  const { deploymentCommits, repoUrl, commitSha } = deployment;
  if (Array.isArray(deploymentCommits)) {
    const commits = deploymentCommits.map((commit: unknown) =>
      typeof commit === "object" && commit !== null ? renamed(commit) : commit,
    );
    return { ...deployment, deploymentCommits: commits };
  }
  return repoUrl === undefined && commitSha === undefined
    ? deployment
    : { ...deployment, deploymentCommits: [{ repoUrl, commitSha }] };
}

function renamed(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      Object.hasOwn(OLDER_NAMES, name) ? OLDER_NAMES[name] : name,
      value,
    ]),
  );
}
