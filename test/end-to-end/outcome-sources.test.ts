import { sign } from "@octokit/webhooks-methods";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dynamoDbOutcomeLedger } from "../../functions/adapters/dynamodb-outcome-ledger.ts";
import { hmacPseudonyms, identityHash } from "../../functions/adapters/pseudonyms.ts";
import { compareText } from "../../shared/compare-text.ts";
import { addDays, dayOf } from "../../shared/ledger/calendar.ts";
import type { OutcomeEvent } from "../../shared/outcomes/outcome-event.ts";
import { sampleBytes, sampleHeaders, samplePayload } from "../support/outcome-samples.ts";
import { type RunningStack, runStack } from "../support/running-stack.ts";

const MERGE_COMMIT = "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c";

let stack: RunningStack;

beforeAll(async () => {
  stack = await runStack();
});
afterAll(() => stack.host.close());

/** What the ledger holds of one source, by the start of its ids. */
async function stored(prefix: string): Promise<readonly OutcomeEvent[]> {
  const ledger = dynamoDbOutcomeLedger(
    stack.dynamoDb,
    stack.output("LedgerTableName"),
    identityHash,
  );
  const all = await ledger.readBetween("2026-11-01", addDays(dayOf(Date.now()), 1));
  return all.filter(({ id }) => id.startsWith(prefix));
}

function deliver(path: string, body: Uint8Array, headers: Record<string, string>) {
  return fetch(`${stack.host.apiUrl}${path}`, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers },
  });
}

describe("GitLab's webhook", () => {
  const file = "merge_request.merge.json";
  const body = sampleBytes(`gitlab/${file}`);

  test("a wrong token is refused, and nothing is stored", async () => {
    const answer = await deliver("/webhooks/gitlab", body, sampleHeaders("gitlab", file));

    expect(answer.status).toBe(401);
    expect(await stored("gitlab:")).toEqual([]);
  });

  test("with the secret of the stack, each event is in the ledger once", async () => {
    const token = await stack.secret("GitlabWebhookSecretArn");
    const files = ["push.merge.json", file, "deployment.success.json", file, "push.merge.json"];
    // An older push would be of the day on which it arrives.
    const pushedMs = Date.now();
    const push = samplePayload("gitlab/push.merge.json", {
      "commits.1.timestamp": new Date(pushedMs).toISOString(),
    });

    for (const name of files) {
      const headers = { ...sampleHeaders("gitlab", name), "x-gitlab-token": token };
      const isPush = name === "push.merge.json";
      const sent = isPush ? Buffer.from(JSON.stringify(push)) : sampleBytes(`gitlab/${name}`);
      const answer = await deliver("/webhooks/gitlab", sent, headers);
      expect(answer.status).toBe(200);
    }

    expect((await stored("gitlab:")).map(({ id, timeMs }) => [id, timeMs])).toEqual([
      ["gitlab:gitlab.example.com/15!7", Date.UTC(2026, 10, 21, 23, 10, 4)],
      ["gitlab:gitlab.example.com/15/deployments/145", Date.UTC(2026, 10, 21, 23, 24)],
      [`gitlab:gitlab.example.com/15@${MERGE_COMMIT}/push`, pushedMs],
    ]);
  });

  test("of the files that were pushed the ledger holds hashes by the key of the pseudonyms", async () => {
    const hash = hmacPseudonyms(await stack.secret("PseudonymSecretArn"));
    const files = ["src/cart-totals.ts", "src/cart.ts"].map((path) =>
      hash(JSON.stringify(["file", "acme/widgets", path])),
    );

    const [push] = (await stored("gitlab:")).filter(({ kind }) => kind === "push");

    expect(push?.pushed?.map((commit) => commit.files)).toEqual([files.sort(compareText), []]);
  });
});

describe("Jira's webhook", () => {
  const file = "issue_updated.done.json";
  const body = sampleBytes(`jira/${file}`);

  test("a signature with another secret is refused, and nothing is stored", async () => {
    const answer = await deliver("/webhooks/jira", body, sampleHeaders("jira", file));

    expect(answer.status).toBe(401);
    expect(await stored("jira:")).toEqual([]);
  });

  test("signed with the secret of the stack, a resolved issue is in the ledger once", async () => {
    const secret = await stack.secret("JiraWebhookSecretArn");
    const headers = { "x-hub-signature": await sign(secret, body.toString()) };

    const answers = [
      await deliver("/webhooks/jira", body, headers),
      await deliver("/webhooks/jira", body, headers),
    ];

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const pseudonymise = hmacPseudonyms(await stack.secret("PseudonymSecretArn"));
    expect(await stored("jira:")).toMatchObject([
      {
        id: "jira:acme.atlassian.net/10041#10124",
        kind: "issue_resolved",
        task: "SHOP-41",
        user: pseudonymise("jira:5b10a2844c20165700ede21g"),
      },
    ]);
  });
});

describe("deployment events behind a sender's key", () => {
  const devlake = "/plugins/webhook/connections/3/deployments";

  test.each([
    ["/v1/cdevents", "cdevents/service.deployed.structured.json"],
    [devlake, "devlake/deployment.json"],
  ])("%s without a key is refused", async (path, sample) => {
    const answer = await deliver(path, sampleBytes(sample), {});

    expect(answer.status).toBe(401);
  });

  test("CDEvents and DevLake deployments are in the ledger once, whatever the order", async () => {
    const structured = { "content-type": "application/cloudevents+json" };
    const send = async (path: string, sample: string, headers = {}) =>
      (await stack.post(path, sampleBytes(sample), headers)).status;

    const statuses = [
      await send(devlake, "devlake/deployment.json"),
      await send("/v1/cdevents", "cdevents/service.deployed.structured.json", structured),
      await send("/v1/cdevents", "cdevents/change.merged.json"),
      await send("/v1/cdevents", "cdevents/service.deployed.structured.json", structured),
      await send(devlake, "devlake/deployment.json"),
    ];

    expect(statuses).toEqual([200, 200, 200, 200, 200]);
    expect((await stored("cdevents:")).map(({ kind, target }) => [kind, target])).toEqual([
      ["change_merged", undefined],
      ["deployment", "cdevents:/event/source/123:widgets"],
    ]);
    expect(await stored("devlake:")).toMatchObject([
      { id: "devlake:3/dep-2026-11-21-1:0d1a26e67d8f", repository: "acme/widgets" },
    ]);
  });
});

describe("deployments by AWS's own services", () => {
  const commit = "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c";
  const pipelineEvent = samplePayload("aws-events/codepipeline.action-deploy-succeeded.json");
  const codeDeployEvent = samplePayload("aws-events/codedeploy.success.json");

  test("the rules let production deployments through, and nothing else", async () => {
    const put = (sample: string, changes: Readonly<Record<string, unknown>>) =>
      stack.host.putEvent(samplePayload(`aws-events/${sample}`, changes));
    const action = "codepipeline.action-deploy-succeeded.json";

    expect(await put("codepipeline.pipeline-succeeded.json", {})).toBe(0);
    expect(await put(action, { "detail.stage": "Staging" })).toBe(0);
    expect(await put(action, { "detail.pipeline": "other" })).toBe(0);
    expect(await put(action, { "detail.state": "FAILED" })).toBe(0);
    expect(await put("codedeploy.success.json", { "detail.deploymentGroup": "staging" })).toBe(0);
    expect(await stored("code")).toEqual([]);
  });

  test("a deployment is in the ledger once, with the commit that AWS is asked for", async () => {
    stack.host.code.pipelineExecutions.set("12345678-1234-5678-abcd-12345678abcd", {
      pipelineExecution: { artifactRevisions: [{ name: "App", revisionId: commit }] },
    });
    stack.host.code.deployments.set("d-ABC123XYZ", {
      group: "widgets/widgets-prod",
      answer: {
        deploymentInfo: {
          revision: { gitHubLocation: { repository: "acme/widgets", commitId: commit } },
        },
      },
    });

    for (const event of [codeDeployEvent, pipelineEvent, codeDeployEvent, pipelineEvent]) {
      expect(await stack.host.putEvent(event)).toBe(1);
    }

    expect((await stored("code")).map(({ id, commits }) => [id, commits])).toEqual([
      ["codedeploy:123456789012/us-east-1/d-ABC123XYZ", [commit]],
      [
        "codepipeline:123456789012/us-east-1/widgets-prod/12345678-1234-5678-abcd-12345678abcd/Prod/DeployService",
        [commit],
      ],
    ]);
    expect(stack.host.denied).toEqual([]);
  });

  test("a deployment of a group that is not listed may not even be asked about", async () => {
    stack.host.code.deployments.set("d-OTHER", { group: "widgets/other", answer: {} });

    await stack.host.putEvent({
      ...codeDeployEvent,
      detail: {
        application: "widgets",
        deploymentGroup: "widgets-prod",
        deploymentId: "d-OTHER",
        state: "SUCCESS",
      },
    });

    expect(stack.host.denied).toMatchObject([
      { action: "codedeploy:GetDeployment", resource: expect.stringContaining("widgets/other") },
      {},
      {},
    ]);
    expect(await stored("codedeploy:")).toHaveLength(1);
  });
});
