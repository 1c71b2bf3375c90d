import { sign } from "@octokit/webhooks-methods";
import { describe, expect, test } from "vitest";
import { creditOf } from "../../support/delivery.ts";
import { GITHUB_SECRET, githubPayload } from "../../support/github-deliveries.ts";
import { ingestOutcomesSetup } from "../../support/ingest-outcomes-setup.ts";

/** A delivery of GitHub's, as its event and its body. */
type Delivery = readonly [event: string, body: string];

const TEN = Array.from({ length: 10 }, (_, at) => at);
const mergeCommit = (at: number) => `${at}`.padStart(40, "a");

/** What GitHub sends when one of ten pull requests is squashed into the default branch. */
function mergeOf(
  at: number,
  files: readonly string[],
): readonly [merged: Delivery, push: Delivery] {
  const mergedAt = new Date(Date.UTC(2026, 10, 20, at)).toISOString();
  const pullRequest = githubPayload("pull_request.closed-merged", {
    "pull_request.number": at + 1,
    "pull_request.title": "Improve the cart",
    "pull_request.body": null,
    "pull_request.merged_at": mergedAt,
    "pull_request.merge_commit_sha": mergeCommit(at),
    "pull_request.head": { ref: `part-${at}`, sha: `${at}`.padStart(40, "b") },
    "pull_request.additions": 30,
    "pull_request.deletions": 0,
  });
  const push = githubPayload("push.main-with-revert", {
    commits: [
      {
        id: mergeCommit(at),
        message: `Improve the cart (#${at + 1})`,
        timestamp: mergedAt,
        author: { username: "jdoe" },
        added: [],
        removed: [],
        modified: files,
      },
    ],
    "repository.pushed_at": Date.parse(mergedAt) / 1_000 + 1,
  });
  return [
    ["pull_request", JSON.stringify(pullRequest)],
    ["push", JSON.stringify(push)],
  ];
}

function setup() {
  const { send, ...rest } = ingestOutcomesSetup();
  return {
    ...rest,
    deliver: async ([event, body]: Delivery) =>
      await send({
        routeKey: "POST /webhooks/github",
        body,
        headers: {
          "content-type": "application/json",
          "x-github-event": event,
          "x-hub-signature-256": await sign(GITHUB_SECRET, body),
        },
      }),
    sendOutcomes: async (outcomes: readonly object[]) =>
      await send({
        routeKey: "POST /v1/outcomes",
        body: JSON.stringify(outcomes),
        headers: { "content-type": "application/json" },
        authorizer: { keyId: "k1", source: "outcomes" },
      }),
  };
}

const AS_OF = { asOfMs: Date.UTC(2026, 11, 20) };

describe("files of pushed commits", () => {
  const merges = TEN.map((at) => mergeOf(at, ["src/cart.ts", `src/part-${at}.ts`]));

  test.each([
    ["merges before pushes", merges.map(([merged]) => merged), merges.map(([, push]) => push)],
    ["pushes before merges", merges.map(([, push]) => push), merges.map(([merged]) => merged)],
  ])("ten pull requests on the same files earn one unit: %s", async (_, first, second) => {
    const { deliver, ledger } = setup();

    for (const delivery of [...first, ...second]) {
      expect((await deliver(delivery)).body).toMatchObject({ outcome: "committed" });
    }

    expect(creditOf(ledger.outcomes(), AS_OF)).toBe(1);
  });

  test("ten pull requests on files of their own earn what each of them is worth", async () => {
    const { deliver, ledger } = setup();

    for (const at of TEN) {
      for (const delivery of mergeOf(at, [`src/part-${at}.ts`, "package.json"])) {
        await deliver(delivery);
      }
    }

    expect(creditOf(ledger.outcomes(), AS_OF)).toBe(10);
  });

  test("a push that is delivered again is a duplicate, and everything received is accounted for", async () => {
    const { deliver, ledger, metrics } = setup();
    const push = mergeOf(1, ["src/cart.ts"])[1];

    await deliver(push);
    await deliver(push);

    expect(ledger.outcomes()).toHaveLength(1);
    expect(metrics).toMatchObject([
      { Received: 1, Committed: 1, Duplicate: 0 },
      { Received: 1, Committed: 0, Duplicate: 1 },
    ]);
  });

  test("no path is kept, of a push or of a change: only hashes that need the key", async () => {
    const { deliver, sendOutcomes, ledger, pseudonymise } = setup();

    await deliver(mergeOf(1, ["src/secret-plan.ts"])[1]);
    await sendOutcomes([
      {
        id: "change-1",
        time: "2026-11-20T15:00:00Z",
        kind: "change_merged",
        repository: "acme/widgets",
        files: ["src/secret-plan.ts", "yarn.lock"],
      },
    ]);

    const hash = pseudonymise(JSON.stringify(["file", "acme/widgets", "src/secret-plan.ts"]));
    expect(ledger.outcomes()).toMatchObject([
      { kind: "push", pushed: [{ commit: mergeCommit(1), files: [hash] }] },
      { id: "change-1", files: [hash] },
    ]);
    expect(JSON.stringify(ledger.outcomes())).not.toMatch(/secret-plan|yarn/);
  });
});
