import { describe, expect, test } from "vitest";
import { recordDeploymentsHandler } from "../../../functions/record-deployments/record-deployments.ts";
import type { DeployedRevisions } from "../../../shared/ports/deployed-revisions.ts";
import { UNATTRIBUTED } from "../../../shared/usage/usage-event.ts";
import { aContext } from "../../support/api-gateway-events.ts";
import { inMemoryOutcomeLedger } from "../../support/in-memory-outcome-ledger.ts";
import { samplePayload } from "../../support/outcome-samples.ts";

const COMMIT = "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c";
const PIPELINE = "aws-events/codepipeline.action-deploy-succeeded.json";
const CODE_DEPLOY = "aws-events/codedeploy.success.json";
const EXECUTION = "12345678-1234-5678-abcd-12345678abcd";

function setup(overrides: Partial<DeployedRevisions> = {}) {
  const ledger = inMemoryOutcomeLedger();
  const metrics: Readonly<Record<string, number>>[] = [];
  const asked: string[] = [];
  const handler = recordDeploymentsHandler({
    ledger,
    revisions: {
      ofPipelineExecution: async (pipeline, executionId) => {
        asked.push(`${pipeline} ${executionId}`);
        return [{ commit: COMMIT, repository: "acme/widgets" }];
      },
      ofDeployment: async (deploymentId) => {
        asked.push(deploymentId);
        return { revision: { artifact: "s3://releases/widgets.zip@9f4c" } };
      },
      ...overrides,
    },
    environment: "production",
    emitMetrics: (values) => metrics.push(values),
  });
  return {
    ledger,
    metrics,
    asked,
    put: (sample: string, changes: Readonly<Record<string, unknown>> = {}) =>
      handler(samplePayload(sample, changes), aContext()),
  };
}

describe("recordDeployments", () => {
  test("a deploy action that succeeded is a deployment of the execution's commit", async () => {
    const { asked, ledger, put } = setup();

    expect(await put(PIPELINE)).toEqual({ received: 1, committed: 1, duplicate: 0 });

    expect(asked).toEqual([`widgets-prod ${EXECUTION}`]);
    expect(ledger.outcomes()).toEqual([
      {
        id: `codepipeline:123456789012/us-east-1/widgets-prod/${EXECUTION}/Prod/DeployService`,
        timeMs: Date.UTC(2026, 10, 21, 23, 24),
        kind: "deployment",
        user: UNATTRIBUTED,
        status: "succeeded",
        environment: "production",
        repository: "acme/widgets",
        commits: [COMMIT],
        sessions: [],
      },
    ]);
  });

  test("a deployment by CodeDeploy is one of its revision", async () => {
    const { asked, ledger, put } = setup();

    await put(CODE_DEPLOY);

    expect(asked).toEqual(["d-ABC123XYZ"]);
    expect(ledger.outcomes()).toEqual([
      {
        id: "codedeploy:123456789012/us-east-1/d-ABC123XYZ",
        timeMs: Date.UTC(2026, 10, 21, 23, 24),
        kind: "deployment",
        user: UNATTRIBUTED,
        status: "succeeded",
        environment: "production",
        target: "codedeploy:123456789012/us-east-1/widgets/widgets-prod",
        artifact: "s3://releases/widgets.zip@9f4c",
        commits: [],
        sessions: [],
      },
    ]);
  });

  test("a rollback by CodeDeploy undoes the deployment that failed", async () => {
    const { ledger, put } = setup({
      ofDeployment: async () => ({ revision: {}, rollsBack: "d-BAD" }),
    });

    await put(CODE_DEPLOY);

    expect(ledger.outcomes()).toMatchObject([
      { status: "rolled_back", reverts: "codedeploy:123456789012/us-east-1/d-BAD" },
    ]);
  });

  test("EventBridge delivers at least once and in any order: each counts once", async () => {
    const { ledger, metrics, put } = setup();

    for (const sample of [CODE_DEPLOY, PIPELINE, PIPELINE, CODE_DEPLOY]) {
      await put(sample);
    }

    expect(ledger.outcomes()).toHaveLength(2);
    expect(
      metrics.map(({ Received, Committed, Duplicate }) => [Received, Committed, Duplicate]),
    ).toEqual([
      [1, 1, 0],
      [1, 1, 0],
      [1, 0, 1],
      [1, 0, 1],
    ]);
  });

  test("several sources are several deployments of one task, so that many make no more work", async () => {
    const { ledger, put } = setup({
      ofPipelineExecution: async () => [{ commit: COMMIT }, { commit: "b".repeat(40) }],
    });

    await put(PIPELINE);

    const task = `codepipeline:123456789012/us-east-1/widgets-prod/${EXECUTION}`;
    expect(ledger.outcomes()).toMatchObject([
      { id: `${task}/Prod/DeployService`, task },
      { id: `${task}/Prod/DeployService/2`, task },
    ]);
  });

  test.each([
    ["another event", "aws-events/codepipeline.pipeline-succeeded.json", {}],
    ["a build", PIPELINE, { "detail.type.category": "Build" }],
    ["a failure", PIPELINE, { "detail.state": "FAILED" }],
    ["a failed deployment", CODE_DEPLOY, { "detail.state": "FAILURE" }],
    ["a name that nobody can show", CODE_DEPLOY, { "detail.application": "widgets\u0000" }],
  ])(
    "%s that the rule should have kept back fails, and records nothing",
    async (_, sample, changes) => {
      const { ledger, put } = setup();

      await expect(put(sample, changes)).rejects.toThrow();
      expect(ledger.outcomes()).toEqual([]);
    },
  );

  test("what cannot be asked or stored fails, so that the event comes again", async () => {
    const unreachable = setup({
      ofPipelineExecution: async () => {
        throw new Error("throttled");
      },
    });
    const broken = setup();
    broken.ledger.breakDown();

    await expect(unreachable.put(PIPELINE)).rejects.toThrow("throttled");
    await expect(broken.put(PIPELINE)).rejects.toThrow();
  });
});
