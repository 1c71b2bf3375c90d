import { describe, expect, test } from "vitest";
import { readDeploymentStatus } from "../../../shared/outcomes/github-deployment-status.ts";
import { githubPayload } from "../../support/github-deliveries.ts";

const PRODUCTION = ["production"];

function read(name: string, changes: Readonly<Record<string, unknown>> = {}) {
  return readDeploymentStatus(githubPayload(`deployment_status.${name}`, changes), PRODUCTION);
}

describe("readDeploymentStatus", () => {
  test("success in production is a delivered deployment of its commit", () => {
    expect(read("success")).toEqual({
      kind: "outcomes",
      restated: "duplicate",
      outcomes: [
        {
          id: "github:acme/widgets/deployments/145988746",
          timeMs: Date.parse("2026-11-21T23:24:00Z"),
          kind: "deployment",
          subject: "github:github-actions[bot]",
          repository: "acme/widgets",
          commits: ["0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c"],
          environment: "production",
          sessions: [],
          status: "succeeded",
        },
      ],
    });
  });

  test.each(["failure", "error"])("%s is a deployment that failed", (state) => {
    expect(read("failure", { "deployment_status.state": state })).toMatchObject({
      outcomes: [{ kind: "deployment", status: "failed" }],
    });
  });

  test("a failure leaves the deployment's own id free, so that a later success still counts", () => {
    expect(read("failure")).toMatchObject({
      outcomes: [{ id: "github:acme/widgets/deployments/145988746/statuses/209916255" }],
    });
  });

  test.each(["in_progress", "pending", "queued", "waiting", "inactive", "constructor"])(
    "%s is not the end of a deployment",
    (state) => {
      expect(read("success", { "deployment_status.state": state }).kind).toBe("ignored");
    },
  );

  test("an environment that is not configured as production delivers nothing to customers", () => {
    expect(read("success", { "deployment.environment": "staging" })).toEqual({
      kind: "ignored",
      reason: "the environment is not among the configured productionEnvironments",
    });
  });

  test("one that is older than anything that is recorded counts from the earliest time on", () => {
    expect(
      read("success", { "deployment_status.created_at": "2019-05-15T15:21:03Z" }),
    ).toMatchObject({ outcomes: [{ timeMs: Date.parse("2020-01-01T00:00:00Z") }] });
  });

  test("environments match regardless of case, as on GitHub", () => {
    expect(read("success", { "deployment.environment": "Production" })).toMatchObject({
      outcomes: [{ environment: "Production" }],
    });
  });
});
