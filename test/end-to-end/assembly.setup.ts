import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildFunctions } from "../../infra/build.ts";
import { parseConfiguration } from "../../infra/config/configuration.ts";
import { synthesise } from "../../infra/synthesise.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Folder of the synthesised cloud assembly. */
    assembly: string;
  }
}

/** Small limits, so that a test need not spend much to see them. */
const CONFIGURATION = {
  owners: [
    {
      id: "checkout-owner",
      email: "checkout-owner@example.com",
      slack: { workspaceId: "T0123456789", channelId: "C0123456789" },
    },
    { id: "platform-owner", email: "platform-owner@example.com" },
  ],
  teams: [{ id: "team-checkout", owner: "checkout-owner", costCenter: "CC-1001" }],
  fallbackOwner: "platform-owner",
  operationsEmails: ["operations@example.com"],
  scoring: { sessionHardCapUsd: 8 },
  outcomeSources: {
    gitlab: true,
    jira: {},
    githubReconciler: {
      hooks: ["repos/acme/widgets/hooks/12345678"],
      tokenSecretArn: "arn:aws:secretsmanager:us-east-1:000000000000:secret:github-AbCdEf",
    },
    awsDeployments: {
      pipelines: [{ name: "widgets-prod", stages: ["Prod"] }],
      deploymentGroups: [{ application: "widgets", name: "widgets-prod" }],
    },
  },
  // A test puts the address of its own API in this place.
  collectors: [
    {
      id: "claude-code",
      source: "anthropic-claude-code",
      baseUrl: "http://127.0.0.1:9",
    },
    { id: "costs", source: "anthropic-costs", baseUrl: "http://127.0.0.1:9" },
  ],
};

/** Builds the bundles and synthesises the stack once for all end-to-end tests. */
export async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "outpace-test-"));
  const distDir = join(folder, "dist");
  const assembly = join(folder, "cdk.out");
  await buildFunctions(distDir);
  synthesise({
    configuration: parseConfiguration(CONFIGURATION, "the tests' configuration"),
    distDir,
    outdir: assembly,
  });
  project.provide("assembly", assembly);
  return () => rmSync(folder, { recursive: true, force: true });
}
