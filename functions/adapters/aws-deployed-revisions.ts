import * as z from "zod";
import { repositoryOfUrl } from "../../shared/outcomes/repository-url.ts";
import type {
  CodeDeployDeployment,
  DeployedRevision,
  DeployedRevisions,
} from "../../shared/ports/deployed-revisions.ts";
import { isPlainText } from "../../shared/usage/field-limits.ts";
import { type AwsClientSettings, awsJsonCall } from "./aws-json-call.ts";

const GET_PIPELINE_EXECUTION = {
  service: "codepipeline",
  target: "CodePipeline_20150709.GetPipelineExecution",
};
const GET_DEPLOYMENT = { service: "codedeploy", target: "CodeDeploy_20141006.GetDeployment" };

const LONGEST_TEXT = 2_000;
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;
/** Empty where there is none. What nobody can show is not stored. */
const Text = z
  .string()
  .refine((text) => text === "" || isPlainText(text, LONGEST_TEXT))
  .nullish();

const PipelineExecution = z.object({
  pipelineExecution: z.object({
    artifactRevisions: z
      .array(z.object({ name: Text, revisionId: Text, revisionUrl: Text }))
      .nullish(),
  }),
});

const Deployment = z.object({
  deploymentInfo: z.object({
    revision: z
      .object({
        gitHubLocation: z.object({ repository: Text, commitId: Text }).nullish(),
        s3Location: z.object({ bucket: Text, key: Text, version: Text, eTag: Text }).nullish(),
      })
      .nullish(),
    rollbackInfo: z.object({ rollbackTriggeringDeploymentId: Text }).nullish(),
  }),
});
type Revision = NonNullable<z.infer<typeof Deployment>["deploymentInfo"]["revision"]>;

/** Asks CodePipeline and CodeDeploy what they deployed. */
export function awsDeployedRevisions(settings: AwsClientSettings): DeployedRevisions {
  return {
    ofPipelineExecution: async (pipelineName, pipelineExecutionId) => {
      const input = { pipelineName, pipelineExecutionId };
      const answer = await awsJsonCall(GET_PIPELINE_EXECUTION, input, settings);
      const { artifactRevisions } = PipelineExecution.parse(answer).pipelineExecution;
      return (artifactRevisions ?? []).flatMap(({ name, revisionId, revisionUrl }) =>
        revisionId ? [sourceRevision(name ?? "", revisionId, revisionUrl ?? "")] : [],
      );
    },
    ofDeployment: async (deploymentId): Promise<CodeDeployDeployment> => {
      const answer = await awsJsonCall(GET_DEPLOYMENT, { deploymentId }, settings);
      const { revision, rollbackInfo } = Deployment.parse(answer).deploymentInfo;
      const rollsBack = rollbackInfo?.rollbackTriggeringDeploymentId;
      return { revision: deployedRevision(revision ?? {}), ...(rollsBack && { rollsBack }) };
    },
  };
}

/** A source action's revision: a commit of a repository, the digest of an image, a version of an object. */
function sourceRevision(name: string, revisionId: string, revisionUrl: string): DeployedRevision {
  if (!COMMIT.test(revisionId)) {
    return { artifact: revisionId.startsWith("sha256:") ? revisionId : `${name}@${revisionId}` };
  }
  const repository = repositoryIn(revisionUrl);
  return { commit: revisionId.toLowerCase(), ...(repository && { repository }) };
}

/**
 * `owner/name` from the link to a revision: a connection's has it in its query, as
 * `FullRepositoryId`; GitHub's own in its path. CodeCommit's names no owner.
 */
function repositoryIn(revisionUrl: string): string | undefined {
  if (!URL.canParse(revisionUrl)) {
    return undefined;
  }
  const { searchParams, hostname, pathname } = new URL(revisionUrl);
  const [, onGithub] = /^\/([^/]+\/[^/]+)\/commit\//.exec(pathname) ?? [];
  const full = searchParams.get("FullRepositoryId");
  return full ? repositoryOfUrl(full) : hostname === "github.com" ? onGithub : undefined;
}

function deployedRevision({ gitHubLocation, s3Location }: Revision): DeployedRevision {
  const commit = gitHubLocation?.commitId ?? "";
  if (COMMIT.test(commit)) {
    const { repository } = gitHubLocation ?? {};
    return { commit: commit.toLowerCase(), ...(repository && { repository }) };
  }
  if (!s3Location?.bucket || !s3Location.key) {
    return {};
  }
  const { bucket, key, version, eTag } = s3Location;
  return { artifact: `s3://${bucket}/${key}@${version ?? eTag ?? ""}` };
}
