import * as z from "zod";
import { UNDELIVERED_RESOLUTIONS } from "../../shared/outcomes/jira-webhook.ts";

const AwsName = z
  .string()
  .regex(/^[A-Za-z0-9.@\-_+=,]{1,100}$/, "must be a name as AWS allows it, at most 100 characters");

/** Production deployments by CodePipeline and CodeDeploy, in the account and Region of the stack. */
const AwsDeploymentSources = z
  .strictObject({
    /** Pipelines, with their stages that deploy to production. */
    pipelines: z
      .array(z.strictObject({ name: AwsName, stages: z.array(AwsName).min(1).max(20) }))
      .max(100)
      .default([]),
    /** Deployment groups to which no pipeline of the list deploys. */
    deploymentGroups: z
      .array(z.strictObject({ application: AwsName, name: AwsName }))
      .max(100)
      .default([]),
  })
  .refine(
    ({ pipelines, deploymentGroups }) => pipelines.length + deploymentGroups.length > 0,
    "must name a pipeline or a deployment group",
  );
export type AwsDeploymentSources = z.output<typeof AwsDeploymentSources>;

/** Asks GitHub every hour for webhook deliveries that failed: it never tries again by itself. */
const GithubReconciler = z.strictObject({
  /** Of an enterprise server: `https://HOST/api/v3`. */
  apiUrl: z
    .url({ protocol: /^https$/, error: "must begin with https://" })
    .default("https://api.github.com"),
  /** Paths of the webhooks in GitHub's API. */
  hooks: z
    .array(
      z
        .string()
        .regex(
          /^(?:repos\/[\w.-]{1,100}\/[\w.-]{1,100}|orgs\/[\w.-]{1,100})\/hooks\/\d{1,20}$/,
          "must be the path of a webhook, such as repos/acme/web/hooks/12345678 or orgs/acme/hooks/1",
        ),
    )
    .min(1)
    .max(100),
  /** The secret in Secrets Manager that holds a token which may read and redeliver. */
  tokenSecretArn: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}$/,
      "must be the whole ARN of a secret in Secrets Manager",
    ),
});
export type GithubReconciler = z.output<typeof GithubReconciler>;

/**
 * Where delivered work comes from, beside GitHub's webhook and our own API, which are always there.
 * What is left out is not deployed.
 */
export const OutcomeSources = z
  .strictObject({
    /** The route `/webhooks/gitlab` and its secret. */
    gitlab: z.boolean().default(false),
    /** The route `/webhooks/jira` and its secret. */
    jira: z
      .strictObject({
        /** Resolutions, or statuses, with which an issue is done although nothing was delivered. */
        undelivered: z
          .array(z.string().min(1).max(100))
          .max(50)
          .default([...UNDELIVERED_RESOLUTIONS]),
      })
      .optional(),
    awsDeployments: AwsDeploymentSources.optional(),
    githubReconciler: GithubReconciler.optional(),
  })
  .prefault({});
export type OutcomeSources = z.output<typeof OutcomeSources>;
