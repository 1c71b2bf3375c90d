import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { readGithubWebhook } from "../../../shared/outcomes/github-webhook.ts";
import { githubDelivery, githubFixtures } from "../../support/github-deliveries.ts";

const PRODUCTION = ["production"];

const PullRequestEvent = z.looseObject({ pull_request: z.looseObject({}) });

type PublishedEvent = { readonly name: string; readonly examples: readonly unknown[] };

const folder = dirname(
  fileURLToPath(import.meta.resolve("@octokit/webhooks-examples/package.json")),
);
const published = ["api.github.com", "ghes-31", "ghes-32", "ghes-33", "ghes-34", "ghes-35"].flatMap(
  (server) => {
    const events: readonly PublishedEvent[] = JSON.parse(
      readFileSync(join(folder, server, "index.json"), "utf8"),
    );
    return events.flatMap(({ name, examples }) =>
      examples.map((payload, index) => ({ name, index, server, payload })),
    );
  },
);

describe("readGithubWebhook", () => {
  test.each(githubFixtures)("makes of %s what its name says", (name) => {
    const { event, bytes } = githubDelivery(name);

    const reading = readGithubWebhook(event, JSON.parse(bytes.toString()), PRODUCTION);

    const delivers = /merged(-revert)?$|success|failure|with-revert/.test(name);
    expect(reading.kind).toBe(delivers && !name.endsWith("unmerged") ? "outcomes" : "ignored");
  });

  test("GitHub's published examples hold all kinds of events that are read", () => {
    expect(published.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["pull_request", "push", "deployment_status", "ping"]),
    );
  });

  test("none of GitHub's published examples is malformed, so no field is asked for that may be absent", () => {
    const malformed = published.filter(
      ({ name, payload }) => readGithubWebhook(name, payload, PRODUCTION).kind === "malformed",
    );

    expect(malformed).toEqual([]);
  });

  test("of the published examples, only the successful production deployments are delivered work", () => {
    const ids = published.flatMap(({ name, payload }) => {
      const reading = readGithubWebhook(name, payload, PRODUCTION);
      const outcomes = reading.kind === "outcomes" ? reading.outcomes : [];
      return outcomes.filter(({ kind }) => kind !== "push").map(({ id }) => id);
    });

    expect([...new Set(ids)].sort()).toEqual([
      "github:Codertocat/Hello-World/deployments/145988746",
      "github:Codertocat/Hello-World/deployments/2",
    ]);
  });

  test("a published pull request is delivered work once it is merged, on every server version", () => {
    const closed = published.filter(({ name, payload }) => {
      const action = z.object({ action: z.literal("closed") }).safeParse(payload);
      return name === "pull_request" && action.success;
    });
    const merged = closed.map(({ payload }) => {
      const copy = PullRequestEvent.parse(structuredClone(payload));
      Object.assign(copy.pull_request, { merged: true, merged_at: "2026-10-06T15:00:00Z" });
      return copy;
    });

    expect(merged.length).toBeGreaterThan(0);
    for (const payload of merged) {
      expect(readGithubWebhook("pull_request", payload, PRODUCTION)).toMatchObject({
        outcomes: [{ kind: "change_merged", subject: "github:codertocat", status: "succeeded" }],
      });
    }
  });

  test("any JSON under any event is read without a crash", () => {
    const event = fc.constantFrom("pull_request", "push", "deployment_status", "ping", "star", "");
    fc.assert(
      fc.property(event, fc.jsonValue(), (name, payload) => {
        expect(readGithubWebhook(name, payload, PRODUCTION).kind).not.toBe("outcomes");
      }),
    );
  });

  test("a good payload with one field gone or replaced is read without a crash", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...githubFixtures),
        fc.nat(),
        fc.jsonValue(),
        (name, at, value) => {
          const { event, bytes } = githubDelivery(name);
          let seen = 0;
          const payload = JSON.parse(bytes.toString(), (_, field) => {
            seen += 1;
            return seen === at % 120 ? value : field;
          });

          expect(["outcomes", "ignored", "malformed"]).toContain(
            readGithubWebhook(event, payload, PRODUCTION).kind,
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
