import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { readCdEvent } from "../../../shared/outcomes/cdevent.ts";
import { sampleBytes, samplePayload } from "../../support/outcome-samples.ts";

const PRODUCTION = ["production"];
const DIGEST = "sha256:0b31b1c02ff458ad9b7b81cbdf8f028bd54699fa151f221d1e8de6817db93427";
const COMMIT = "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c";

const Structured = z.object({ data: z.record(z.string(), z.unknown()) });

/** The CDEvent in the structured sample, with changed paths such as `data.context.id`. */
function deployed(changes: Readonly<Record<string, unknown>> = {}) {
  const sample = samplePayload("cdevents/service.deployed.structured.json", changes);
  return readCdEvent(Structured.parse(sample).data, PRODUCTION);
}

function merged(changes: Readonly<Record<string, unknown>> = {}) {
  return readCdEvent(samplePayload("cdevents/change.merged.json", changes), PRODUCTION);
}

function incident(changes: Readonly<Record<string, unknown>> = {}) {
  return readCdEvent(samplePayload("cdevents/incident.reported.json", changes), PRODUCTION);
}

describe("readCdEvent", () => {
  test("a service that is deployed is a deployment of its artifact and commit", () => {
    expect(deployed()).toEqual({
      kind: "outcomes",
      restated: "duplicate",
      outcomes: [
        {
          id: "cdevents:/event/source/123:271069a8-fc18-44f1-b38f-9d70a1695819",
          timeMs: Date.UTC(2026, 10, 21, 23, 24),
          kind: "deployment",
          status: "succeeded",
          environment: "production",
          target: "cdevents:/event/source/123:widgets",
          artifact: DIGEST,
          commits: [COMMIT],
          sessions: [],
        },
      ],
    });
  });

  test("a change that is merged is a merged change, whoever it is by", () => {
    expect(merged()).toEqual({
      kind: "outcomes",
      restated: "duplicate",
      outcomes: [
        {
          id: "cdevents:/scm/github:9a069a8f-fc18-44f1-b38f-9d70a1695820",
          timeMs: Date.UTC(2026, 10, 21, 23, 10, 4),
          kind: "change_merged",
          status: "succeeded",
          repository: "acme/widgets",
          commits: [],
          sessions: [],
        },
      ],
    });
  });

  test("an incident in production is one of the artifact that it names, and of nobody", () => {
    const user = { user: "user-017@example.com", task: "SHOP-41", branch: "main" };
    const detected = { "context.type": "dev.cdevents.incident.detected.0.2.0" };

    expect(incident({ customData: user })).toEqual({
      kind: "outcomes",
      restated: "duplicate",
      outcomes: [
        {
          id: "cdevents:/monitoring/prod:51c1a6be-52cb-4ab4-9d84-7d5ae9e06d2c",
          timeMs: Date.UTC(2026, 10, 21, 23, 52),
          kind: "incident",
          status: "succeeded",
          environment: "production",
          artifact: DIGEST,
          commits: [],
          sessions: [],
        },
      ],
    });
    expect(incident(detected)).toEqual(incident());
  });

  test("an incident may name the commit that it came from, which CDEvents has no field for", () => {
    const customData = { commit: COMMIT, repository: "acme/widgets" };
    const named = { outcomes: [{ kind: "incident", commits: [COMMIT] }] };

    expect(incident({ customData })).toMatchObject(named);
    expect(incident({ customData, "subject.content.artifactId": null })).toMatchObject(named);
    expect(incident({ "subject.content.artifactId": `pkg:git/widgets@${COMMIT}` })).toMatchObject(
      named,
    );
  });

  test.each([
    {
      what: "that names neither artifact nor commit",
      changes: { "subject.content.artifactId": null, customData: { repository: "acme/widgets" } },
      reason: "the incident names neither an artifact nor a commit that it came from",
    },
    {
      what: "whose list of commits is empty",
      changes: { "subject.content.artifactId": null, customData: { commits: [] } },
      reason: "the incident names neither an artifact nor a commit that it came from",
    },
    {
      what: "outside production",
      changes: { "subject.content.environment": { id: "staging" } },
      reason: "the environment is not among the configured productionEnvironments",
    },
    {
      what: "that is over",
      changes: { "context.type": "dev.cdevents.incident.resolved.0.3.0" },
      reason: "the end of an incident neither takes credit nor gives it back",
    },
  ])("an incident $what is not recorded", ({ changes, reason }) => {
    expect(incident(changes)).toEqual({ kind: "ignored", reason });
  });

  test("an incident without an environment is malformed, and says where", () => {
    expect(incident({ "subject.content": { artifactId: "pkg:oci/widgets" } })).toMatchObject({
      kind: "malformed",
      path: "subject.content.environment",
    });
  });

  test.each([
    ["dev.cdevents.service.deployed.0.1.0", "succeeded"],
    ["dev.cdevents.service.upgraded.0.3.0", "succeeded"],
    ["dev.cdevents.service.upgraded.2.0.0-draft", "succeeded"],
    ["dev.cdevents.service.rolledback.0.3.0", "rolled_back"],
  ])("%s is %s: the type's start decides, not its version", (type, status) => {
    expect(deployed({ "data.context.type": type })).toMatchObject({ outcomes: [{ status }] });
  });

  test.each([
    "dev.cdevents.service.removed.0.3.0",
    "dev.cdevents.service.published.0.3.0",
    "dev.cdevents.change.created.0.3.0",
    "dev.cdevents.service.deployedness.0.3.0",
    "com.example.service.deployed.0.3.0",
  ])("%s says nothing of delivered work", (type) => {
    expect(deployed({ "data.context.type": type })).toMatchObject({ kind: "ignored" });
  });

  test("production is told by the environment's id or its name", () => {
    const at = (environment: unknown) =>
      deployed({ "data.subject.content.environment": environment });

    expect(at({ id: "staging" })).toMatchObject({ kind: "ignored" });
    expect(at({ id: "1234", name: "Production" })).toMatchObject({
      outcomes: [{ environment: "Production" }],
    });
  });

  test("custom data says what CDEvents has no field for", () => {
    const customData = {
      commits: [COMMIT.toUpperCase()],
      branch: "feat/cart",
      task: "SHOP-41",
      user: "User-017@Example.com",
      repository: "acme/shop",
      message: "canary",
    };

    const reading = merged({ customData });

    expect(reading).toMatchObject({
      outcomes: [
        {
          commits: [COMMIT],
          branch: "feat/cart",
          task: "SHOP-41",
          subject: "user-017@example.com",
          repository: "acme/shop",
        },
      ],
    });
    expect(JSON.stringify(reading)).not.toContain("canary");
  });

  test("custom data of another form is none of ours; a wrong field of ours is named", () => {
    expect(merged({ customData: "PHhtbC8+" })).toEqual(merged());
    expect(merged({ customData: { commit: "canary" } })).toEqual({
      kind: "malformed",
      path: "customData.commit",
      message: expect.not.stringContaining("canary"),
    });
    expect(merged({ customData: { commits: COMMIT } })).toEqual({
      kind: "malformed",
      path: "customData.commits",
      message: "must be a list",
    });
  });

  test("any event with one field replaced is read without a crash", () => {
    fc.assert(
      fc.property(fc.nat(30), fc.jsonValue(), (at, value) => {
        let seen = 0;
        const sample = sampleBytes("cdevents/service.deployed.structured.json").toString();
        const payload = JSON.parse(sample, (_, field) => {
          seen += 1;
          return seen === at ? value : field;
        });

        expect(["outcomes", "ignored", "malformed"]).toContain(
          readCdEvent(payload?.data, PRODUCTION).kind,
        );
        expect(readCdEvent(value, PRODUCTION).kind).toBe("malformed");
      }),
      { numRuns: 300 },
    );
  });
});
