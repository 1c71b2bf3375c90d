import { createServer, type Server } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { awsDeployedRevisions } from "../../../functions/adapters/aws-deployed-revisions.ts";
import { AwsCallError } from "../../../functions/adapters/aws-json-call.ts";

const COMMIT = "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c";

let server: Server | undefined;

afterEach(() => server?.close());

/** A service that answers everything with this, and tells what it was asked. */
async function serving(
  status: number,
  answer: unknown,
  written: (answer: unknown) => string = JSON.stringify,
) {
  const asked: { target: string; authorization: string; input: unknown }[] = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    asked.push({
      target: String(request.headers["x-amz-target"]),
      authorization: String(request.headers.authorization),
      input: JSON.parse(Buffer.concat(chunks).toString()),
    });
    response.writeHead(status).end(written(answer));
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const revisions = awsDeployedRevisions({
    region: "eu-west-1",
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    endpoint: `http://127.0.0.1:${port}`,
  });
  return { asked, revisions };
}

function execution(...artifactRevisions: readonly object[]) {
  return { pipelineExecution: { status: "Succeeded", artifactRevisions } };
}

describe("ofPipelineExecution", () => {
  test("asks CodePipeline for the execution, signed", async () => {
    const { asked, revisions } = await serving(200, execution());

    await revisions.ofPipelineExecution("widgets-prod", "12345678");

    expect(asked).toEqual([
      {
        target: "CodePipeline_20150709.GetPipelineExecution",
        authorization: expect.stringMatching(
          /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/codepipeline\/aws4_request, /,
        ),
        input: { pipelineName: "widgets-prod", pipelineExecutionId: "12345678" },
      },
    ]);
  });

  test("a commit comes with its repository, where the link to it names one", async () => {
    const { revisions } = await serving(
      200,
      execution(
        {
          name: "App",
          revisionId: COMMIT,
          revisionUrl: `https://eu-west-1.console.aws.amazon.com/codesuite/settings/connections/redirect?connectionArn=x&referenceType=COMMIT&FullRepositoryId=acme/widgets&Commit=${COMMIT}`,
        },
        {
          name: "Old",
          revisionId: COMMIT,
          revisionUrl: `https://github.com/acme/infra/commit/${COMMIT}`,
        },
        {
          name: "CodeCommit",
          revisionId: COMMIT,
          revisionUrl: `https://eu-west-1.console.aws.amazon.com/codecommit/home#/repository/x/commit/${COMMIT}`,
        },
      ),
    );

    expect(await revisions.ofPipelineExecution("p", "e")).toEqual([
      { commit: COMMIT, repository: "acme/widgets" },
      { commit: COMMIT, repository: "acme/infra" },
      { commit: COMMIT },
    ]);
  });

  test("what is no commit is an artifact; what is nothing is left out", async () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const { revisions } = await serving(
      200,
      execution(
        { name: "Image", revisionId: digest },
        { name: "Bundle", revisionId: "3HL4kqtJlcpXroDTDmJ" },
        { name: "Nothing" },
      ),
    );

    expect(await revisions.ofPipelineExecution("p", "e")).toEqual([
      { artifact: digest },
      { artifact: "Bundle@3HL4kqtJlcpXroDTDmJ" },
    ]);
  });

  test("a refusal is an error that names the code, and not what was sent", async () => {
    const { revisions } = await serving(400, {
      __type: "com.amazonaws#PipelineNotFoundException",
      message: "canary",
    });

    const failure = await revisions.ofPipelineExecution("p", "e").catch((error) => error);

    expect(failure).toBeInstanceOf(AwsCallError);
    expect(failure.message).toBe(
      "CodePipeline_20150709.GetPipelineExecution answered 400 PipelineNotFoundException",
    );
  });
});

describe("an answer", () => {
  test("that is no JSON is an error that does not quote it", async () => {
    const { revisions } = await serving(200, "canary", (answer) => `{"${answer}`);

    await expect(revisions.ofDeployment("d-ABC123XYZ")).rejects.toThrow(
      new AwsCallError("CodeDeploy_20141006.GetDeployment", 200, "(no JSON)"),
    );
  });

  test("with a text that nobody can show is not taken: it would be stored", async () => {
    const { revisions } = await serving(200, {
      deploymentInfo: { rollbackInfo: { rollbackTriggeringDeploymentId: "d-\u0000" } },
    });

    await expect(revisions.ofDeployment("d-ABC123XYZ")).rejects.toThrow();
  });
});

describe("ofDeployment", () => {
  test("a revision from GitHub is its commit", async () => {
    const { asked, revisions } = await serving(200, {
      deploymentInfo: {
        revision: {
          revisionType: "GitHub",
          gitHubLocation: { repository: "acme/widgets", commitId: COMMIT },
        },
      },
    });

    expect(await revisions.ofDeployment("d-ABC123XYZ")).toEqual({
      revision: { commit: COMMIT, repository: "acme/widgets" },
    });
    expect(asked).toMatchObject([
      { target: "CodeDeploy_20141006.GetDeployment", input: { deploymentId: "d-ABC123XYZ" } },
    ]);
  });

  test("a revision from S3 is that version of the object, and a rollback names what it takes back", async () => {
    const { revisions } = await serving(200, {
      deploymentInfo: {
        revision: {
          revisionType: "S3",
          s3Location: { bucket: "releases", key: "widgets.zip", bundleType: "zip", eTag: "9f4c" },
        },
        creator: "codeDeployRollback",
        rollbackInfo: { rollbackTriggeringDeploymentId: "d-BAD" },
      },
    });

    expect(await revisions.ofDeployment("d-ABC123XYZ")).toEqual({
      revision: { artifact: "s3://releases/widgets.zip@9f4c" },
      rollsBack: "d-BAD",
    });
  });

  test("a revision of another kind is of nothing that can be named", async () => {
    const { revisions } = await serving(200, {
      deploymentInfo: { revision: { revisionType: "AppSpecContent" } },
    });

    expect(await revisions.ofDeployment("d-ABC123XYZ")).toEqual({ revision: {} });
  });
});
