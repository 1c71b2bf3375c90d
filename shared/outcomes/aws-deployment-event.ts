import * as z from "zod";
import type { CodeDeployDeployment, DeployedRevision } from "../ports/deployed-revisions.ts";
import { isPlainText, MAX_LENGTH } from "../usage/field-limits.ts";
import { OffsetTime } from "./offset-time.ts";
import type { SentOutcome } from "./outcome-event.ts";

const Name = z.string().refine((text) => isPlainText(text, MAX_LENGTH.name));
const Place = {
  account: z.string().regex(/^\d{12}$/),
  region: z.string().regex(/^[a-z0-9-]{1,40}$/),
  time: OffsetTime,
};

const PipelineAction = z.object({
  ...Place,
  source: z.literal("aws.codepipeline"),
  "detail-type": z.literal("CodePipeline Action Execution State Change"),
  detail: z.object({
    pipeline: Name,
    "execution-id": Name,
    stage: Name,
    action: Name,
    state: z.literal("SUCCEEDED"),
    type: z.object({ category: z.literal("Deploy") }),
  }),
});

const CodeDeploySuccess = z.object({
  ...Place,
  source: z.literal("aws.codedeploy"),
  "detail-type": z.literal("CodeDeploy Deployment State-change Notification"),
  detail: z.object({
    application: Name,
    deploymentGroup: Name,
    deploymentId: Name,
    state: z.literal("SUCCESS"),
  }),
});

/** The events of deployments that have succeeded. */
export const AwsDeploymentEvent = z.discriminatedUnion("source", [
  PipelineAction,
  CodeDeploySuccess,
]);
export type AwsDeploymentEvent = z.output<typeof AwsDeploymentEvent>;
export type PipelineActionEvent = z.output<typeof PipelineAction>;
export type CodeDeployEvent = z.output<typeof CodeDeploySuccess>;

/**
 * A deploy action of a pipeline that has succeeded: one outcome for each revision that the execution
 * carries. EventBridge delivers at least once, and an event that comes again makes the same outcomes.
 *
 * @param environment The name of production: only stages that are configured as such send events.
 */
export function pipelineDeployments(
  { account, region, time, detail }: PipelineActionEvent,
  revisions: readonly DeployedRevision[],
  environment: string,
): readonly SentOutcome[] {
  const execution = `codepipeline:${account}/${region}/${detail.pipeline}/${detail["execution-id"]}`;
  const id = `${execution}/${detail.stage}/${detail.action}`;
  return revisions.map((revision, index) => ({
    id: index === 0 ? id : `${id}/${index + 1}`,
    timeMs: time,
    environment,
    ...deployed(revision),
    // However many sources it has: what nothing else is known of is one piece of work.
    ...(revisions.length > 1 && { task: execution }),
  }));
}

/** A deployment by CodeDeploy that has succeeded; if it is a rollback, it undoes the one that failed. */
export function codeDeployDeployment(
  { account, region, time, detail }: CodeDeployEvent,
  { revision, rollsBack }: CodeDeployDeployment,
  environment: string,
): SentOutcome {
  const idOf = (deployment: string) => `codedeploy:${account}/${region}/${deployment}`;
  return {
    id: idOf(detail.deploymentId),
    timeMs: time,
    environment,
    ...deployed(revision),
    target: `codedeploy:${account}/${region}/${detail.application}/${detail.deploymentGroup}`,
    ...(rollsBack === undefined ? {} : { status: "rolled_back", reverts: idOf(rollsBack) }),
  };
}

function deployed({
  commit,
  repository,
  artifact,
}: DeployedRevision): Omit<SentOutcome, "id" | "timeMs"> {
  return {
    kind: "deployment",
    status: "succeeded",
    commits: commit === undefined ? [] : [commit],
    ...(repository === undefined ? {} : { repository }),
    ...(artifact === undefined ? {} : { artifact }),
    sessions: [],
  };
}
