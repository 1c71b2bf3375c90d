import { describe, expect, test } from "vitest";
import { capturedLog } from "../../support/captured-log.ts";
import { ingestOutcomesSetup } from "../../support/ingest-outcomes-setup.ts";
import { sampleBytes, sampleHeaders, samplePayload } from "../../support/outcome-samples.ts";

const MERGED = "merge_request.merge.json";
const DEPLOYED = "deployment.success.json";
const PUSHED = "push.merge.json";

type Headers = Readonly<Record<string, string>>;

function setup() {
  const { send, ...rest } = ingestOutcomesSetup();
  const post = (body: string | Buffer, headers: Headers) =>
    send({ routeKey: "POST /webhooks/gitlab", body, headers });
  return {
    ...rest,
    post,
    deliver: (file: string, headers: Headers = {}) =>
      post(sampleBytes(`gitlab/${file}`), { ...sampleHeaders("gitlab", file), ...headers }),
  };
}

describe("POST /webhooks/gitlab", () => {
  test("each event counts once, whatever the order and however often it is sent", async () => {
    const one = setup();
    const other = setup();

    for (const file of [MERGED, DEPLOYED, PUSHED, MERGED, DEPLOYED, PUSHED]) {
      expect((await one.deliver(file)).status).toBe(200);
    }
    for (const file of [PUSHED, DEPLOYED, DEPLOYED, MERGED]) {
      await other.deliver(file);
    }

    const byId = (outcomes: readonly { id: string }[]) =>
      outcomes.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(one.ledger.outcomes().map(({ id }) => id)).toEqual([
      "gitlab:gitlab.example.com/15!7",
      "gitlab:gitlab.example.com/15/deployments/145",
      "gitlab:gitlab.example.com/15@0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c/push",
    ]);
    expect(byId(other.ledger.outcomes())).toEqual(byId(one.ledger.outcomes()));
    expect(one.metrics.map((values) => values["Duplicate"])).toEqual([0, 0, 0, 1, 1, 1]);
  });

  test("people are kept as pseudonyms only", async () => {
    const { deliver, ledger, pseudonymise } = setup();

    await deliver(MERGED);

    expect(ledger.outcomes()).toMatchObject([
      { user: pseudonymise("gitlab:gitlab.example.com/user/12") },
    ]);
    expect(JSON.stringify(ledger.outcomes())).not.toMatch(/jdoe|asmith|user\/12/);
  });

  test.each([
    ["a wrong token", { "x-gitlab-token": "guess" }],
    ["an empty token", { "x-gitlab-token": "" }],
  ])("%s is refused before the body is read, and nothing is stored", async (_, headers) => {
    const { deliver, ledger, metrics } = setup();

    const answer = await deliver(MERGED, headers);

    expect(answer).toMatchObject({ status: 401, body: { message: expect.any(String) } });
    expect(ledger.outcomes()).toEqual([]);
    expect(metrics).toEqual([]);
  });

  test("an event of no interest is taken: GitLab switches off a webhook that keeps failing", async () => {
    const { post } = setup();
    const headers = sampleHeaders("gitlab", MERGED);

    expect(await post('{"object_kind":"tag_push"}', headers)).toMatchObject({
      status: 202,
      body: { outcome: "ignored" },
    });
  });

  test("a body that is not JSON, or lacks what is needed, is refused with its path", async () => {
    const { post, metrics } = setup();
    const headers = sampleHeaders("gitlab", MERGED);
    const payload = samplePayload(`gitlab/${MERGED}`, { "object_attributes.iid": "7" });

    expect((await post("{", headers)).status).toBe(400);
    expect(await post(JSON.stringify(payload), headers)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining("object_attributes.iid") },
    });
    expect(metrics).toMatchObject([{ Received: 1, Rejected: 1 }]);
  });

  test("while the ledger is down GitLab is asked to come again", async () => {
    const { deliver, ledger } = setup();

    ledger.breakDown();

    expect(await deliver(MERGED)).toMatchObject({ status: 503, headers: { "retry-after": "2" } });
  });

  test("logs the event's id and counts, and nothing of what it says", async () => {
    const lines = capturedLog();

    await setup().deliver(MERGED);

    const log = JSON.stringify(lines);
    expect(log).toContain("13792a34-cac6-4fda-95a8-c58e00a3954e");
    expect(log).not.toMatch(/jdoe|cart|widgets|change-me/);
  });
});
