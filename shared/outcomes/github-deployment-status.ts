import * as z from "zod";
import {
  CommitHash,
  GithubAccount,
  GithubRepository,
  GithubTime,
  subjectOf,
} from "./github-fields.ts";
import { NOT_PRODUCTION, productionNameAmong } from "./production-environment.ts";
import { ignored, readFields, type WebhookReading } from "./webhook-reading.ts";

const DeploymentStatus = z.object({
  deployment_status: z.object({
    id: z.int().positive(),
    state: z.string(),
    created_at: GithubTime,
  }),
  deployment: z.object({
    id: z.int().positive(),
    sha: CommitHash,
    environment: z.string().min(1).max(300),
    creator: GithubAccount,
  }),
  repository: GithubRepository.pick({ full_name: true }),
});

/** The states in which a deployment has ended; all others are on the way, or about an older one. */
const STATUS_OF_STATE: ReadonlyMap<string, "succeeded" | "failed"> = new Map([
  ["success", "succeeded"],
  ["failure", "failed"],
  ["error", "failed"],
]);

/**
 * A deployment to production that has ended. GitHub may report success more than once; the first
 * counts. A failure has an id of its own, so that a deployment which fails and then succeeds is
 * still delivered.
 */
export function readDeploymentStatus(
  payload: unknown,
  productionEnvironments: readonly string[],
): WebhookReading {
  return readFields(DeploymentStatus, payload, (event) => {
    const { deployment, deployment_status, repository } = event;
    const status = STATUS_OF_STATE.get(deployment_status.state);
    if (status === undefined) {
      return ignored("the state is neither success, failure nor error");
    }
    if (productionNameAmong([deployment.environment], productionEnvironments) === undefined) {
      return ignored(NOT_PRODUCTION);
    }
    const id = `github:${repository.full_name}/deployments/${deployment.id}`;
    return {
      kind: "outcomes",
      restated: "duplicate",
      outcomes: [
        {
          id: status === "succeeded" ? id : `${id}/statuses/${deployment_status.id}`,
          timeMs: deployment_status.created_at,
          kind: "deployment",
          ...subjectOf(deployment.creator),
          repository: repository.full_name,
          commits: [deployment.sha],
          environment: deployment.environment,
          sessions: [],
          status,
        },
      ],
    };
  });
}
