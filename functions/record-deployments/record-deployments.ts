import middy from "@middy/core";
import {
  AwsDeploymentEvent,
  codeDeployDeployment,
  pipelineDeployments,
} from "../../shared/outcomes/aws-deployment-event.ts";
import type { SentOutcome } from "../../shared/outcomes/outcome-event.ts";
import type { DeployedRevisions } from "../../shared/ports/deployed-revisions.ts";
import type { OutcomeLedger } from "../../shared/ports/outcome-ledger.ts";
import type { Pseudonymise } from "../../shared/ports/pseudonyms.ts";
import { withPseudonym } from "../ingest-outcomes/record-outcomes.ts";
import { addToInvocationLog, logInvocation } from "../middleware/log-invocation.ts";

export type RecordDeploymentsDeps = {
  readonly ledger: OutcomeLedger;
  readonly revisions: DeployedRevisions;
  /** What production is called here: the first of the configured names. */
  readonly environment: string;
  readonly emitMetrics: (values: Readonly<Record<string, number>>) => void;
};

/** What an event came to. A deployment without any revision delivers nothing that could be told. */
export type RecordedDeployments = {
  readonly received: number;
  readonly committed: number;
  readonly duplicate: number;
};

export type RecordDeploymentsHandler = middy.MiddyfiedHandler<object, RecordedDeployments>;

/**
 * Records production deployments by CodePipeline and CodeDeploy. Whatever fails throws: the event
 * comes again, and after that goes to the failure queue.
 *
 * @throws {z.ZodError} if the event is none that the rule lets through.
 */
export function recordDeploymentsHandler(deps: RecordDeploymentsDeps): RecordDeploymentsHandler {
  return middy<object, RecordedDeployments>()
    .use(logInvocation())
    .handler(async (event: object) => {
      const outcomes = await deploymentsOf(AwsDeploymentEvent.parse(event), deps);
      const appended = [];
      for (const sent of outcomes) {
        appended.push(await deps.ledger.append(withPseudonym(sent, nobody)));
      }
      const committed = appended.filter((result) => result === "committed").length;
      const counts = {
        received: outcomes.length,
        committed,
        duplicate: outcomes.length - committed,
      };
      addToInvocationLog(event, counts);
      deps.emitMetrics({
        Received: counts.received,
        Committed: counts.committed,
        Duplicate: counts.duplicate,
      });
      return counts;
    });
}

async function deploymentsOf(
  event: AwsDeploymentEvent,
  { revisions, environment }: RecordDeploymentsDeps,
): Promise<readonly SentOutcome[]> {
  if (event.source === "aws.codepipeline") {
    const { pipeline, "execution-id": executionId } = event.detail;
    const carried = await revisions.ofPipelineExecution(pipeline, executionId);
    return pipelineDeployments(event, carried, environment);
  }
  const deployment = await revisions.ofDeployment(event.detail.deploymentId);
  return [codeDeployDeployment(event, deployment, environment)];
}

/** The events name no user: a deployment is its changes' authors', through the commit. */
const nobody: Pseudonymise = () => {
  throw new Error("an event of AWS names nobody");
};
