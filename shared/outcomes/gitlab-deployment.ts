import * as z from "zod";
import { isCommit } from "../usage/field-limits.ts";
import { GitlabProject, gitlabSubject, projectId } from "./gitlab-fields.ts";
import { OffsetTime } from "./offset-time.ts";
import { NOT_PRODUCTION, productionNameAmong } from "./production-environment.ts";
import { ignored, readFields, type WebhookReading } from "./webhook-reading.ts";

const Deployment = z.object({
  status: z.string(),
  environment: z.string().min(1).max(300),
  environment_tier: z.string().nullish(),
});

const EndedDeployment = Deployment.extend({
  status_changed_at: OffsetTime,
  deployment_id: z.int().positive(),
  short_sha: z.string().refine(isCommit, "must be a commit id"),
  commit_url: z.string().nullish(),
  project: GitlabProject,
  user: z.object({ id: z.int().positive().nullish() }).nullish(),
});

/** The statuses in which a deployment has ended; `canceled` has delivered nothing and failed nothing. */
const ENDED: ReadonlyMap<string, "succeeded" | "failed"> = new Map([
  ["success", "succeeded"],
  ["failed", "failed"],
]);

/**
 * A deployment to production that has ended. Production is told by the environment's name or by its
 * tier, as review apps have names of their own. A failure has an id of its own, so that a deployment
 * which fails and then succeeds is still delivered.
 */
export function readDeployment(
  payload: unknown,
  productionEnvironments: readonly string[],
): WebhookReading {
  return readFields(Deployment, payload, ({ status, environment, environment_tier }) => {
    const ended = ENDED.get(status);
    if (ended === undefined) {
      return ignored("the status is neither success nor failed");
    }
    const production = productionNameAmong([environment, environment_tier], productionEnvironments);
    return production === undefined
      ? ignored(NOT_PRODUCTION)
      : readFields(EndedDeployment, payload, (event) => deployed(event, ended, production));
  });
}

function deployed(
  event: z.infer<typeof EndedDeployment>,
  status: "succeeded" | "failed",
  environment: string,
): WebhookReading {
  const { project } = event;
  const id = `${projectId(project)}/deployments/${event.deployment_id}`;
  return {
    kind: "outcomes",
    restated: "duplicate",
    outcomes: [
      {
        id: status === "succeeded" ? id : `${id}/${status}`,
        timeMs: event.status_changed_at,
        kind: "deployment",
        ...gitlabSubject(project, event.user?.id),
        repository: project.path_with_namespace,
        commits: [commitOf(event)],
        environment,
        sessions: [],
        status,
      },
    ],
  };
}

/** The whole commit id stands only at the end of the link to it. */
function commitOf({ commit_url, short_sha }: z.infer<typeof EndedDeployment>): string {
  const last = commit_url?.split("/").at(-1) ?? "";
  const isWhole = isCommit(last) && last.toLowerCase().startsWith(short_sha.toLowerCase());
  return (isWhole ? last : short_sha).toLowerCase();
}
