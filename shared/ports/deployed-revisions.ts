/** One thing that a deployment brought to production: a commit, or an artifact without one. */
export type DeployedRevision = {
  readonly commit?: string;
  /** `owner/name`, where the service knows it. */
  readonly repository?: string;
  readonly artifact?: string;
};

export type CodeDeployDeployment = {
  readonly revision: DeployedRevision;
  /** If it is a rollback: the deployment that failed, and is taken back by it. */
  readonly rollsBack?: string;
};

/** What was deployed: events of AWS's deployment services do not say. */
export type DeployedRevisions = {
  readonly ofPipelineExecution: (
    pipeline: string,
    executionId: string,
  ) => Promise<readonly DeployedRevision[]>;
  readonly ofDeployment: (deploymentId: string) => Promise<CodeDeployDeployment>;
};
