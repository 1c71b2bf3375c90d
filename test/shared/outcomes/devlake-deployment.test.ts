import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readDevlakeDeployment } from "../../../shared/outcomes/devlake-deployment.ts";
import { samplePayload } from "../../support/outcome-samples.ts";

const PRODUCTION = ["production"];
const COMMIT = "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c";

const OLDER_FORM = {
  pipeline_id: "dep-2026-11-21-1",
  repo_url: "https://github.com/acme/widgets",
  commit_sha: COMMIT,
  start_time: "2026-11-21T23:18:00+00:00",
  end_time: "2026-11-21T23:24:00+00:00",
  environment: "PRODUCTION",
};

function read(payload: unknown) {
  return readDevlakeDeployment(payload, "3", PRODUCTION);
}

function deployed(changes: Readonly<Record<string, unknown>> = {}) {
  return read(samplePayload("devlake/deployment.json", changes));
}

describe("readDevlakeDeployment", () => {
  test("a deployment is one of its commit, in the repository as the code host names it", () => {
    expect(deployed()).toEqual({
      kind: "outcomes",
      restated: "duplicate",
      outcomes: [
        {
          id: "devlake:3/dep-2026-11-21-1:0d1a26e67d8f",
          timeMs: Date.UTC(2026, 10, 21, 23, 24),
          kind: "deployment",
          status: "succeeded",
          environment: "PRODUCTION",
          repository: "acme/widgets",
          commits: [COMMIT],
          sessions: [],
        },
      ],
    });
  });

  test("the older form with one commit and underscores is the same deployment", () => {
    expect(read(OLDER_FORM)).toEqual(deployed());
  });

  test("the older form with a list of commits is read too", () => {
    const { repo_url, commit_sha, ...rest } = OLDER_FORM;

    expect(read({ ...rest, deployment_commits: [{ repo_url, commit_sha }] })).toEqual(deployed());
  });

  test("result and environment are success and production unless said otherwise, as in DevLake", () => {
    expect(deployed({ result: undefined, environment: undefined })).toEqual(deployed());
  });

  test("a failure has an id of its own; another result or environment is not recorded", () => {
    expect(deployed({ result: "FAILURE" })).toMatchObject({
      outcomes: [{ id: "devlake:3/dep-2026-11-21-1:0d1a26e67d8f/failed", status: "failed" }],
    });
    expect(deployed({ result: "ABORT" })).toMatchObject({ kind: "ignored" });
    expect(deployed({ environment: "STAGING" })).toMatchObject({ kind: "ignored" });
  });

  test("several commits are several deployments of one task, so that many make no more work", () => {
    const commits = ["a", "b"].map((digit) => ({
      repoUrl: `git@github.com:acme/${digit}.git`,
      commitSha: digit.repeat(40),
    }));

    expect(deployed({ deploymentCommits: commits })).toMatchObject({
      outcomes: [
        { repository: "acme/a", task: "devlake:3/dep-2026-11-21-1" },
        { repository: "acme/b", task: "devlake:3/dep-2026-11-21-1" },
      ],
    });
  });

  test("without any date it is refused: the time of arrival would be another one each time", () => {
    const { start_time: _, end_time: __, ...timeless } = OLDER_FORM;

    expect(read(timeless)).toMatchObject({
      kind: "malformed",
      path: "deploymentCommits.0.finishedDate",
    });
  });

  test("without an id it is told by its commit and time", () => {
    expect(read({ ...OLDER_FORM, pipeline_id: undefined })).toMatchObject({
      outcomes: [{ id: `devlake:3/${Date.UTC(2026, 10, 21, 23, 24)}:0d1a26e67d8f` }],
    });
  });

  test("what is wrong is named, and not quoted", () => {
    const reading = read({ ...OLDER_FORM, commit_sha: "canary" });

    expect(reading).toMatchObject({ kind: "malformed", path: "deploymentCommits.0.commitSha" });
    expect(JSON.stringify(reading)).not.toContain("canary");
  });

  test("any JSON is read without a crash", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (value, commit) => {
        expect(read(value).kind).not.toBe("outcomes");
        expect(read({ ...OLDER_FORM, deploymentCommits: [commit] }).kind).not.toBe("outcomes");
      }),
    );
  });
});
