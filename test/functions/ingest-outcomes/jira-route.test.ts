import { sign } from "@octokit/webhooks-methods";
import { describe, expect, test } from "vitest";
import { GITHUB_SECRET } from "../../support/github-deliveries.ts";
import { ingestOutcomesSetup } from "../../support/ingest-outcomes-setup.ts";
import { sampleBytes, sampleHeaders, samplePayload } from "../../support/outcome-samples.ts";

const FILE = "issue_updated.done.json";

type Headers = Readonly<Record<string, string>>;

function setup() {
  const { send, ...rest } = ingestOutcomesSetup();
  const post = (body: string | Buffer, headers: Headers) =>
    send({ routeKey: "POST /webhooks/jira", body, headers });
  return {
    ...rest,
    post,
    deliver: (headers: Headers = {}) =>
      post(sampleBytes(`jira/${FILE}`), { ...sampleHeaders("jira", FILE), ...headers }),
    /** Jira signs as GitHub does, in a header of another name. */
    deliverSigned: async (text: string) =>
      post(text, { "x-hub-signature": await sign(GITHUB_SECRET, text) }),
  };
}

describe("POST /webhooks/jira", () => {
  test("takes the signed sample, once however often it is sent", async () => {
    const { deliver, ledger, pseudonymise } = setup();

    expect(await deliver()).toMatchObject({ status: 200, body: { outcome: "committed" } });
    expect(await deliver({ "x-atlassian-webhook-retry": "1" })).toMatchObject({
      status: 200,
      body: { outcome: "duplicate" },
    });

    expect(ledger.outcomes()).toMatchObject([
      {
        id: "jira:acme.atlassian.net/10041#10124",
        user: pseudonymise("jira:5b10a2844c20165700ede21g"),
      },
    ]);
    expect(JSON.stringify(ledger.outcomes())).not.toMatch(/5b10a|J Doe|Cart/);
  });

  test.each([
    ["another secret's signature", { "x-hub-signature": `sha256=${"0".repeat(64)}` }],
    ["an empty signature", { "x-hub-signature": "" }],
  ])("%s is refused before the body is read, and nothing is stored", async (_, headers) => {
    const { deliver, ledger } = setup();

    expect(await deliver(headers)).toMatchObject({ status: 401 });
    expect(ledger.outcomes()).toEqual([]);
  });

  test("one byte changed under a good signature is refused", async () => {
    const changed = sampleBytes(`jira/${FILE}`).toString().replace("SHOP-41", "SHOP-42");

    expect((await setup().post(changed, sampleHeaders("jira", FILE))).status).toBe(401);
  });

  test("a delivery without a signature is told to set a secret", async () => {
    expect(await setup().post("{}", {})).toMatchObject({
      status: 401,
      body: { message: expect.stringContaining("secret") },
    });
  });

  test("resolutions that deliver nothing are those of the configuration", async () => {
    const { deliverSigned, ledger } = setup();
    const payload = samplePayload(`jira/${FILE}`, {
      "issue.fields.resolution.name": "Duplicate",
    });

    await deliverSigned(JSON.stringify(payload));

    expect(ledger.outcomes()).toMatchObject([{ status: "rolled_back" }]);
  });

  test("a body that lacks what is needed is refused with its path, and one that is no JSON too", async () => {
    const { deliverSigned } = setup();
    const payload = samplePayload(`jira/${FILE}`, { "issue.key": "canary" });

    const answer = await deliverSigned(JSON.stringify(payload));

    expect(answer).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining("issue.key") },
    });
    expect(JSON.stringify(answer)).not.toContain("canary");
    expect((await deliverSigned("{")).status).toBe(400);
  });
});
