import type { AwsCall } from "./aws-call.ts";
import type { LocalService } from "./gateway.ts";
import { textOf } from "./json.ts";
import { json, wireError } from "./wire-errors.ts";

/** What CodePipeline and CodeDeploy have done, as whoever runs the stack says: nothing deploys here. */
export type CodeServices = {
  /** Answers of `GetPipelineExecution`, by execution id. */
  readonly pipelineExecutions: Map<string, unknown>;
  /** Deployments by id: whose they are (`application/group`), and the answer of `GetDeployment`. */
  readonly deployments: Map<string, { readonly group: string; readonly answer: unknown }>;
};

export function codeServices(): CodeServices {
  return { pipelineExecutions: new Map(), deployments: new Map() };
}

export function codePipelineService({ pipelineExecutions }: CodeServices): LocalService {
  return async ({ operation, input }: AwsCall) => {
    if (operation !== "GetPipelineExecution") {
      return json(501, { message: `codepipeline ${operation} is not emulated locally` });
    }
    const answer = pipelineExecutions.get(textOf(input["pipelineExecutionId"]) ?? "");
    return answer === undefined
      ? wireError("codepipeline", 400, "PipelineExecutionNotFoundException", "no such execution")
      : json(200, answer);
  };
}

export function codeDeployService({ deployments }: CodeServices): LocalService {
  return async ({ operation, input }: AwsCall) => {
    if (operation !== "GetDeployment") {
      return json(501, { message: `codedeploy ${operation} is not emulated locally` });
    }
    const deployment = deployments.get(textOf(input["deploymentId"]) ?? "");
    return deployment === undefined
      ? wireError("codedeploy", 400, "DeploymentDoesNotExistException", "no such deployment")
      : json(200, deployment.answer);
  };
}
