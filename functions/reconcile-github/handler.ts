import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import { JsonText } from "../../shared/json-text.ts";
import { environment } from "../adapters/environment.ts";
import { githubApi } from "../adapters/github-api.ts";
import { githubHook } from "../adapters/github-hook-deliveries.ts";
import { emitMetrics } from "../adapters/metrics.ts";
import { secretText } from "../adapters/secrets.ts";
import { type ReconcileGithubHandler, reconcileGithubHandler } from "./reconcile-github.ts";

const env = environment(
  z.object({
    GITHUB_API_URL: z.url(),
    GITHUB_HOOKS: JsonText.pipe(z.array(z.string().min(1)).min(1)),
    GITHUB_TOKEN_SECRET_ARN: z.string().min(1),
  }),
);

/** Of the five minutes that the function has. What takes longer is done an hour later. */
const MAX_RATE_LIMIT_WAIT_MS = 60_000;

const api = githubApi({
  apiUrl: env.GITHUB_API_URL,
  token: secretText(new SecretsManagerClient({}), env.GITHUB_TOKEN_SECRET_ARN),
  maxWaitMs: MAX_RATE_LIMIT_WAIT_MS,
});

export const handler: ReconcileGithubHandler = reconcileGithubHandler({
  hooks: env.GITHUB_HOOKS.map((hook) => githubHook(api, hook)),
  nowMs: Date.now,
  emitMetrics: (values) => emitMetrics(values),
});
