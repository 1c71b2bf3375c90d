import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ENDS_MS, STARTS_MS } from "../../../infra/demo/calendar.ts";
import { deliveriesOf, deliveryHeaders } from "../../../infra/demo/deliveries.ts";
import { makeOrganisation } from "../../../infra/demo/organisation.ts";
import { readGithubWebhook } from "../../../shared/outcomes/github-webhook.ts";

const organisation = makeOrganisation(1);
const deliveries = deliveriesOf(1, organisation.changes);

const FIXTURES_OF = {
  pull_request: ["pull_request.closed-merged.json", "pull_request.closed-unmerged.json"],
  deployment_status: ["deployment_status.success.json"],
  push: ["push.main-with-revert.json"],
} as const;

function fixture(name: string): unknown {
  return JSON.parse(
    readFileSync(new URL(`../../fixtures/github/${name}`, import.meta.url), "utf8"),
  );
}

/** `a.b.c` of every field, lists as their elements. */
function paths(value: unknown, at = ""): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((each) => paths(each, `${at}[]`));
  }
  if (typeof value !== "object" || value === null) {
    return [at];
  }
  return Object.entries(value).flatMap(([key, each]) => paths(each, `${at}.${key}`));
}

/** Files of each commit that was pushed to the default branch. */
const filesPushed = new Map(
  deliveries.flatMap(({ body, event }) => {
    const reading = event === "push" ? readGithubWebhook(event, JSON.parse(body), []) : undefined;
    const outcomes = reading?.kind === "outcomes" ? reading.outcomes : [];
    return outcomes.flatMap(({ pushed = [] }) =>
      pushed.map(({ commit, paths: touched }) => [commit, new Set(touched)] as const),
    );
  }),
);

describe("deliveriesOf", () => {
  test("every delivery reads as the outcomes that it announces, and no more", () => {
    for (const { body, event, outcomes } of deliveries) {
      const reading = readGithubWebhook(event, JSON.parse(body), ["production"]);
      const read = reading.kind === "outcomes" ? reading.outcomes : [];

      expect(reading.kind).not.toBe("malformed");
      expect(read).toHaveLength(outcomes);
    }
  });

  test("only fields that GitHub sends are in a body", () => {
    for (const { body, event } of deliveries) {
      const real = new Set(FIXTURES_OF[event].flatMap((name) => paths(fixture(name))));
      const invented = paths(JSON.parse(body))
        // The three lists of a commit's files are alike, and may each be empty.
        .map((path) => path.replace(/\.(?:added|removed)\[\]$/, ".modified[]"))
        .filter((path) => !(real.has(path) || path.endsWith(".labels")));

      expect(invented).toEqual([]);
    }
  });

  test("they come in order of time, and none from after the end: that work is still open", () => {
    const times = deliveries.map((delivery) => delivery.timeMs);

    expect(times.toSorted((a, b) => a - b)).toEqual(times);
    expect(times[0]).toBeGreaterThanOrEqual(STARTS_MS);
    expect(times.at(-1)).toBeLessThan(ENDS_MS);
  });

  test("each merge is pushed to the default branch, with as many files as the pull request changed", () => {
    const merged = organisation.changes.filter(
      ({ closes }) => closes?.merged === true && closes.timeMs + 1_000 < ENDS_MS,
    );

    for (const { mergeSha, files } of merged) {
      expect(filesPushed.get(mergeSha)?.size).toBe(files);
    }
    expect(filesPushed.size).toBe(merged.length);
  });

  test("a revert touches the files of what it undoes", () => {
    const reverts = organisation.changes.flatMap(({ mergeSha, reverts: undone }) =>
      undone !== undefined && filesPushed.has(mergeSha) ? [[mergeSha, undone.mergeSha]] : [],
    );

    expect(reverts.length).toBeGreaterThan(0);
    for (const [revert = "", undone = ""] of reverts) {
      expect(filesPushed.get(revert)).toEqual(filesPushed.get(undone));
    }
  });

  test("branches are pushed too when a pull request is opened, which tells of nothing that counts", () => {
    const toBranches = deliveries.filter(
      ({ body, event }) => event === "push" && !body.includes('"ref":"refs/heads/main"'),
    );
    const opened = organisation.changes.filter(({ openedMs }) => openedMs < ENDS_MS);

    expect(toBranches).toHaveLength(opened.length);
    expect(toBranches.filter(({ outcomes }) => outcomes > 0)).toEqual([]);
  });

  test("a revert is announced twice, by its pull request and by its push", () => {
    const reverting = deliveries.filter(
      ({ body, event }) => event === "push" && body.includes("This reverts commit"),
    );
    const titled = deliveries.filter(
      ({ body, event }) => event === "pull_request" && body.includes("Reverts acme/"),
    );

    expect(reverting.length).toBeGreaterThan(0);
    expect(titled).toHaveLength(reverting.length);
  });
});

describe("deliveryHeaders", () => {
  test("signs the bytes as GitHub documents it", () => {
    // The vector of https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
    const headers = deliveryHeaders(
      { event: "push", id: "72d3162e-cc78-11e3-81ab-4c9367dc0958", body: "Hello, World!" },
      "It's a Secret to Everybody",
    );

    expect(headers["X-Hub-Signature-256"]).toBe(
      "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
    );
    expect(headers["X-GitHub-Event"]).toBe("push");
  });

  test("a body with another byte has another signature", () => {
    const [first] = deliveries;
    if (first === undefined) {
      throw new Error("the demo has no deliveries");
    }

    const signature = deliveryHeaders(first, "secret")["X-Hub-Signature-256"];

    const digest = createHmac("sha256", "secret").update(`${first.body} `).digest("hex");
    expect(signature).not.toBe(`sha256=${digest}`);
  });
});
