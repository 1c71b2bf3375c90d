import { sign } from "@octokit/webhooks-methods";
import { describe, expect, test, vi } from "vitest";
import { capturedLog } from "../../support/captured-log.ts";
import {
  GITHUB_SECRET,
  githubDelivery,
  githubFixtures,
  githubPayload,
} from "../../support/github-deliveries.ts";
import { ingestOutcomesSetup } from "../../support/ingest-outcomes-setup.ts";

type Headers = Readonly<Record<string, string>>;

function setup() {
  const { send, ...rest } = ingestOutcomesSetup();
  const post = (body: string | Buffer, headers: Headers) =>
    send({ routeKey: "POST /webhooks/github", body, headers });
  return {
    ...rest,
    post,
    /** Delivers a fixture as GitHub does, some headers changed. */
    deliver: (name: string, headers: Headers = {}) => {
      const { bytes, deliveryId, event, signature } = githubDelivery(name);
      return post(bytes, {
        "content-type": "application/json",
        "x-github-delivery": deliveryId,
        "x-github-event": event,
        "x-hub-signature-256": signature,
        ...headers,
      });
    },
    /** Delivers any text with a good signature. */
    deliverSigned: async (event: string, text: string, headers: Headers = {}) =>
      post(text, {
        "content-type": "application/json",
        "x-github-event": event,
        "x-hub-signature-256": await sign(GITHUB_SECRET, text),
        ...headers,
      }),
  };
}

describe("POST /webhooks/github", () => {
  test("takes every signed fixture, and credits only delivered work and its undoing", async () => {
    const { deliver, ledger } = setup();

    for (const name of githubFixtures) {
      expect((await deliver(name)).status).toBeLessThan(300);
    }

    expect(
      ledger.outcomes().map(({ id, kind, status, reverts }) => [id, kind, status, reverts]),
    ).toEqual([
      ["github:acme/widgets#4242", "change_merged", "succeeded", undefined],
      ["github:acme/widgets#4250", "change_merged", "succeeded", "github:acme/widgets#4242"],
      ["github:acme/widgets/deployments/145988746", "deployment", "succeeded", undefined],
      [
        "github:acme/widgets/deployments/145988746/statuses/209916255",
        "deployment",
        "failed",
        undefined,
      ],
      [
        `github:acme/widgets@${"e".repeat(40)}`,
        "change_merged",
        "succeeded",
        "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c",
      ],
      [`github:acme/widgets@${"e".repeat(40)}/push`, "push", "succeeded", undefined],
    ]);
  });

  test("the author is kept as a pseudonym only", async () => {
    const { deliver, ledger, pseudonymise } = setup();

    await deliver("pull_request.closed-merged");

    expect(ledger.outcomes()).toMatchObject([{ user: pseudonymise("github:jdoe") }]);
    expect(JSON.stringify(ledger.outcomes())).not.toContain("jdoe");
  });

  test("a delivery that is sent again by hand is a duplicate, and says so", async () => {
    const { deliver, ledger, metrics } = setup();

    const first = await deliver("pull_request.closed-merged");
    const second = await deliver("pull_request.closed-merged");

    expect(first).toMatchObject({ status: 200, body: { outcome: "committed" } });
    expect(second).toMatchObject({ status: 200, body: { outcome: "duplicate" } });
    expect(ledger.outcomes()).toHaveLength(1);
    expect(metrics.map((values) => [values["Received"], values["Duplicate"]])).toEqual([
      [1, 0],
      [1, 1],
    ]);
  });

  test("a deployment that reports success again, later, counts once", async () => {
    const { deliver, deliverSigned, ledger, quarantine } = setup();
    await deliver("deployment_status.success");
    const later = githubPayload("deployment_status.success", {
      "deployment_status.created_at": "2026-11-22T01:00:00Z",
    });

    const answer = await deliverSigned("deployment_status", JSON.stringify(later));

    expect(answer.body).toMatchObject({ outcome: "duplicate" });
    expect(ledger.outcomes()).toHaveLength(1);
    expect(quarantine.records()).toEqual([]);
  });

  test("another pull request under a number that is taken is kept for a person to look at", async () => {
    const { deliver, deliverSigned, quarantine } = setup();
    await deliver("pull_request.closed-merged");
    const other = githubPayload("pull_request.closed-merged", { "pull_request.additions": 1 });

    const answer = await deliverSigned("pull_request", JSON.stringify(other));

    expect(answer.body).toMatchObject({ outcome: "quarantined" });
    expect(quarantine.records()).toMatchObject([{ reason: "conflict" }]);
  });

  test("a time ahead of our clock is kept aside", async () => {
    const { deliverSigned, ledger, quarantine } = setup();
    const future = githubPayload("pull_request.closed-merged", {
      "pull_request.merged_at": "2026-11-23T12:00:00Z",
    });

    const answer = await deliverSigned("pull_request", JSON.stringify(future));

    expect(answer.body).toMatchObject({ outcome: "quarantined" });
    expect(ledger.outcomes()).toEqual([]);
    expect(quarantine.records()).toMatchObject([{ reason: "clock-in-future" }]);
  });

  test("answers a ping with 200, so that GitHub shows the webhook as connected", async () => {
    expect(await setup().deliver("ping")).toMatchObject({
      status: 200,
      body: { outcome: "ignored" },
    });
  });

  test("an event of no interest is taken and ignored, with the reason", async () => {
    expect(await setup().deliverSigned("star", "{}")).toMatchObject({
      status: 202,
      body: { outcome: "ignored", reason: expect.stringMatching(/\w/) },
    });
    expect(await setup().deliver("pull_request.closed-unmerged")).toMatchObject({
      status: 202,
      body: { outcome: "ignored", reason: expect.stringContaining("without being merged") },
    });
  });

  test.each([
    ["another secret's", `sha256=${"0".repeat(64)}`],
    ["the older SHA-1", `sha1=${"0".repeat(40)}`],
    ["an empty", ""],
  ])("%s signature is refused before the body is read", async (_, signature) => {
    const { deliver, ledger } = setup();

    const answer = await deliver("pull_request.closed-merged", {
      "x-hub-signature-256": signature,
    });

    expect(answer).toMatchObject({ status: 401, body: { message: expect.any(String) } });
    expect(ledger.outcomes()).toEqual([]);
  });

  test("a delivery without a signature is told to set a secret", async () => {
    const answer = await setup().post("{}", { "x-github-event": "ping" });

    expect(answer).toMatchObject({
      status: 401,
      body: { message: expect.stringContaining("secret") },
    });
  });

  test("one bit of the body changed under a good signature is refused", async () => {
    const { post } = setup();
    const { bytes, event, signature } = githubDelivery("pull_request.closed-merged");
    const changed = Buffer.from(bytes.toString().replace('"number":4242', '"number":4243'));

    const answer = await post(changed, {
      "x-github-event": event,
      "x-hub-signature-256": signature,
    });

    expect(answer.status).toBe(401);
  });

  test("while the secret is replaced, deliveries under either are taken", async () => {
    const { deliver, secrets } = setup();

    secrets.current = ["the next secret", GITHUB_SECRET];

    expect((await deliver("ping")).status).toBe(200);
  });

  test("a form delivery is told which content type to choose, as GitHub will not send it again", async () => {
    const form = `payload=${encodeURIComponent("{}")}`;

    const answer = await setup().deliverSigned("ping", form, {
      "content-type": "application/x-www-form-urlencoded",
    });

    expect(answer).toMatchObject({
      status: 415,
      body: { message: expect.stringContaining("application/json") },
    });
  });

  test("a signed body that is not JSON is refused", async () => {
    expect(await setup().deliverSigned("pull_request", "{")).toMatchObject({
      status: 400,
      body: { message: "the body is not valid JSON" },
    });
  });

  test("a payload without a field that is needed is refused with its path, and counted", async () => {
    const { deliverSigned, metrics } = setup();
    const payload = githubPayload("pull_request.closed-merged", { "pull_request.merged_at": null });

    const answer = await deliverSigned("pull_request", JSON.stringify(payload));

    expect(answer).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining("pull_request.merged_at") },
    });
    expect(metrics).toMatchObject([{ Received: 1, Rejected: 1 }]);
  });

  test("a body that is too large is refused with 413", async () => {
    expect((await setup().post(Buffer.alloc(20 * 1024 * 1024 + 1), {})).status).toBe(413);
  });

  test("a push that undoes many commits is recorded many at once: GitHub waits ten seconds, and once", async () => {
    const { deliverSigned, ledger } = setup();
    const payload = githubPayload("push.main-with-revert", {});
    const hashes = Array.from({ length: 300 }, (_, n) => n.toString(16).padStart(40, "0"));
    const message = hashes.map((hash) => `This reverts commit ${hash}.`).join("\n");
    const commits = [{ id: "a".repeat(40), message, timestamp: "2026-10-06T15:00:00Z" }];
    const { append } = ledger;
    let underWay = 0;
    let mostAtOnce = 0;
    vi.spyOn(ledger, "append").mockImplementation(async (outcome) => {
      underWay += 1;
      mostAtOnce = Math.max(mostAtOnce, underWay);
      const appended = await append(outcome);
      underWay -= 1;
      return appended;
    });

    const answer = await deliverSigned("push", JSON.stringify({ ...payload, commits }));

    expect(answer).toMatchObject({ status: 200, body: { outcome: "committed" } });
    expect(ledger.outcomes()).toHaveLength(300);
    expect(mostAtOnce).toBe(16);
  });

  test("while the ledger is down GitHub records a failure that can be redelivered", async () => {
    const { deliver, ledger } = setup();

    ledger.breakDown();

    expect(await deliver("pull_request.closed-merged")).toMatchObject({
      status: 503,
      headers: { "retry-after": "2" },
    });
  });

  test("logs the delivery's id and counts, and nothing of what it says", async () => {
    const lines = capturedLog();

    await setup().deliver("pull_request.closed-merged");
    await setup().deliver("pull_request.closed-merged", {
      "x-github-delivery": "canary, not an id",
    });

    const log = JSON.stringify(lines);
    expect(log).toContain("72d3162e-cc78-11e3-81ab-4c9367dc0000");
    expect(log).toContain('"committed":1');
    expect(log).not.toMatch(/jdoe|cart|widgets|canary/);
  });
});

describe("other routes", () => {
  test("a route that the function does not serve is 404, which no sender repeats", async () => {
    const { send } = ingestOutcomesSetup();

    expect((await send({ routeKey: "POST /v1/usage", body: "[]" })).status).toBe(404);
  });
});
