import { describe, expect, test } from "vitest";
import { ANY_SENDER } from "../../support/api-gateway-events.ts";
import { ingestOutcomesSetup } from "../../support/ingest-outcomes-setup.ts";
import { sampleBytes, samplePayload } from "../../support/outcome-samples.ts";

const CDEVENTS = "POST /v1/cdevents";
const DEVLAKE = "POST /plugins/webhook/connections/{connectionId}/deployments";
const STRUCTURED = sampleBytes("cdevents/service.deployed.structured.json");
const DEPLOYMENT = sampleBytes("devlake/deployment.json");
const JSON_BODY = { "content-type": "application/json" };

function setup(authorizer: Readonly<Record<string, unknown>> = ANY_SENDER) {
  const { send, ...rest } = ingestOutcomesSetup();
  return {
    ...rest,
    cdevent: (body: string | Buffer, headers: Readonly<Record<string, string>> = JSON_BODY) =>
      send({ routeKey: CDEVENTS, body, headers, authorizer }),
    devlake: (body: string | Buffer, connectionId = "3") =>
      send({
        routeKey: DEVLAKE,
        body,
        headers: JSON_BODY,
        authorizer,
        pathParameters: { connectionId },
      }),
  };
}

describe("POST /v1/cdevents", () => {
  test("the structured mode, the binary mode and a bare event are the same event", async () => {
    const { cdevent, ledger } = setup();
    const { data } = samplePayload("cdevents/service.deployed.structured.json");
    const bare = JSON.stringify(data);
    const binary = {
      ...JSON_BODY,
      "ce-specversion": "1.0",
      "ce-id": "271069a8-fc18-44f1-b38f-9d70a1695819",
      "ce-source": "/event/source/123",
      "ce-type": "dev.cdevents.service.deployed.0.3.0",
    };

    const answers = [
      await cdevent(STRUCTURED, { "content-type": "application/cloudevents+json; charset=UTF-8" }),
      await cdevent(bare, binary),
      await cdevent(bare),
    ];

    expect(answers.map(({ status, body }) => [status, body.outcome])).toEqual([
      [200, "committed"],
      [200, "duplicate"],
      [200, "duplicate"],
    ]);
    expect(ledger.outcomes()).toHaveLength(1);
  });

  test("an incident that names an artifact is kept, and one that names nothing is taken without a trace", async () => {
    const { cdevent, ledger } = setup();
    const named = samplePayload("cdevents/incident.reported.json");
    const nameless = samplePayload("cdevents/incident.reported.json", {
      "subject.content.artifactId": null,
    });

    expect((await cdevent(JSON.stringify(nameless))).status).toBe(202);
    expect((await cdevent(JSON.stringify(named))).body.outcome).toBe("committed");
    expect((await cdevent(JSON.stringify(named))).body.outcome).toBe("duplicate");
    expect(ledger.outcomes()).toMatchObject([
      { kind: "incident", user: "unattributed", sentBy: ANY_SENDER.keyId },
    ]);
    expect(JSON.stringify(ledger.outcomes())).not.toContain("error rate");
  });

  test("an event of no interest is taken, and a content type that is none of both is refused", async () => {
    const { cdevent } = setup();
    const sample = samplePayload("cdevents/change.merged.json", {
      "context.type": "dev.cdevents.build.started.0.2.0",
    });

    expect((await cdevent(JSON.stringify(sample))).status).toBe(202);
    expect((await cdevent(STRUCTURED, { "content-type": "text/plain" })).status).toBe(415);
  });

  test("what is wrong is answered in our format with its path, and counted", async () => {
    const { cdevent, metrics } = setup();
    const sample = samplePayload("cdevents/change.merged.json", { "context.timestamp": "today" });

    expect(await cdevent(JSON.stringify(sample))).toMatchObject({
      status: 400,
      body: { error: { path: "context.timestamp", message: expect.any(String) } },
    });
    expect(metrics).toMatchObject([{ Received: 1, Rejected: 1 }]);
    expect((await cdevent("{")).status).toBe(400);
  });
});

describe("POST /plugins/webhook/connections/{connectionId}/deployments", () => {
  test("a deployment counts once, and connections are kept apart", async () => {
    const { devlake, ledger } = setup();

    expect((await devlake(DEPLOYMENT)).body).toMatchObject({ outcome: "committed" });
    expect((await devlake(DEPLOYMENT)).body).toMatchObject({ outcome: "duplicate" });
    expect((await devlake(DEPLOYMENT, "4")).body).toMatchObject({ outcome: "committed" });

    expect(ledger.outcomes().map(({ id }) => id)).toEqual([
      "devlake:3/dep-2026-11-21-1:0d1a26e67d8f",
      "devlake:4/dep-2026-11-21-1:0d1a26e67d8f",
    ]);
  });

  test("a path that names no connection is refused", async () => {
    expect((await setup().devlake(DEPLOYMENT, "a b")).status).toBe(400);
  });
});

describe.each([
  ["a CDEvent", "cdevent", STRUCTURED],
  ["a DevLake deployment", "devlake", DEPLOYMENT],
] as const)("%s", (_, route, body) => {
  test("needs a key for outcomes: who sends usage must not credit it as well", async () => {
    const { [route]: post, ledger } = setup({ keyId: "k7f3a9c2e1b4", source: "claude-code" });

    expect((await post(body)).status).toBe(403);
    expect(ledger.outcomes()).toEqual([]);
  });

  test("under a key that is bound to a person is that person's", async () => {
    const bound = { keyId: "k7f3a9c2e1b4", source: "outcomes", user: "pseudonym-017" };
    const { [route]: post, ledger } = setup(bound);

    await post(body);

    expect(ledger.outcomes()).toMatchObject([{ user: "pseudonym-017" }]);
  });

  test("is to be sent again while nobody can say whose key it is, or nothing can be stored", async () => {
    const unknown = setup({ unavailable: "true" });
    const broken = setup();
    broken.ledger.breakDown();

    expect((await unknown[route](body)).status).toBe(503);
    expect((await broken[route](body)).status).toBe(503);
  });
});
