/** Bodies of our own formats, which no other program sends. */
export const FUZZ_USAGE = [
  {
    id: "req_018abc",
    time: "2026-10-05T09:12:33.120Z",
    user: "user-017@example.com",
    session: "9d0bbe99-d739-49a1-8651-3907cc2ba04b",
    agent: "explore-2",
    tool: "claude-code",
    provider: "anthropic",
    model: "claude-sonnet-4-5",
    tokens: {
      input: 123,
      cacheRead: 20_000,
      cacheWrite5m: 1_000,
      cacheWrite1h: 0,
      output: 456,
      reasoning: 0,
    },
    reportedCost: { amount: "0.016959", currency: "USD" },
    useCase: "feature-work",
    repository: "acme/web",
    branch: "feat/x",
    commit: "0d1a26e6",
    fingerprint: "b64hash",
  },
  {
    id: "req_018abd",
    time: "2026-10-05T09:13:01Z",
    tool: "batch-job",
    provider: "openai",
    model: "gpt-5-mini",
    tokens: { input: 10, output: 20, reasoning: 5 },
  },
] as const;

export const FUZZ_OUTCOMES = [
  {
    id: "gitlab:acme/web!17",
    time: "2026-10-06T15:00:00Z",
    kind: "change_merged",
    user: "user-017@example.com",
    repository: "acme/web",
    branch: "feat/x",
    commits: ["0d1a26e6", "3f2c1b0a9d"],
    task: "WEB-77",
    size: { additions: 120, deletions: 14, files: 5, ignoredLines: 3 },
    files: ["src/cart.ts", "src/cart-totals.ts", "package-lock.json"],
    sessions: ["9d0bbe99-d739-49a1-8651-3907cc2ba04b"],
    status: "succeeded",
  },
  {
    id: "deploy-1",
    time: "2026-10-06T16:00:00Z",
    kind: "deployment",
    environment: "production",
    artifact: "sha256:1f2e",
    change: "gitlab:acme/web!17",
    reverts: "deploy-0",
    status: "rolled_back",
  },
] as const;

export const FUZZ_DIRECTORY = `user,team,cost_center,owner,use_case,effective_from,aliases
user-017@example.com,team-checkout,,,,2026-08-01,github:user-017;codex:acct-17
user-017@example.com,team-checkout,CC-9,checkout-owner,feature-work,2026-10-01,
"user-018@example.com",team-checkout,,,,2026-08-01,github:user-018
`;

export const FUZZ_INVOICE = `provider,month,amount,currency,invoice
Anthropic,2026-10,1234.56,USD,INV-7
openai,2026-11,-0.5,USD,CN/1
`;

/** What CodePipeline says of an execution and CodeDeploy of a deployment, at once: each reads its own part. */
export const AWS_ANSWER = {
  pipelineExecution: {
    status: "Succeeded",
    artifactRevisions: [
      {
        name: "Source",
        revisionId: "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c",
        revisionUrl:
          "https://eu-west-1.console.aws.amazon.com/codesuite/settings/connections/redirect?connectionArn=arn:aws:codestar&referenceType=COMMIT&FullRepositoryId=acme/widgets&Commit=0d1a26e6",
      },
      { name: "Image", revisionId: "sha256:1f2e", revisionUrl: "" },
      { name: "Bundle", revisionId: "3sL4kqtJlcpXrof4", revisionUrl: null },
    ],
  },
  deploymentInfo: {
    status: "Succeeded",
    revision: {
      gitHubLocation: {
        repository: "acme/widgets",
        commitId: "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c",
      },
      s3Location: { bucket: "releases", key: "widgets.zip", version: "v2", eTag: "9f4c" },
    },
    rollbackInfo: { rollbackTriggeringDeploymentId: "d-ABC123XYY" },
  },
} as const;

/** Deliveries of a webhook, as GitHub lists them; {@link FUZZ_NOW_MS} is a day after the last. */
export const FUZZ_DELIVERIES = [
  {
    id: 9_007_199_254_740_991,
    guid: "0b989ba4-242f-11e5-81e1-c7b6966d2516",
    delivered_at: "2026-11-21T06:26:30Z",
    redelivery: false,
    duration: 0.27,
    status: "failed to connect",
    status_code: 0,
    event: "push",
    action: null,
  },
  {
    id: 9_007_199_254_740_990,
    guid: "72d3162e-cc78-11e3-81ab-4c9367dc0958",
    delivered_at: "2026-11-20T06:26:30.5+02:00",
    redelivery: true,
    duration: 1.5,
    status: "OK",
    status_code: 200,
    event: "pull_request",
    action: "closed",
  },
] as const;
