import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type PullRequestText,
  revertedBy,
  revertedCommits,
  taskOf,
} from "../../../shared/outcomes/github-references.ts";

const HASH = "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c";

function text(words: Partial<PullRequestText>): PullRequestText {
  return { repository: "acme/web", branch: "feat/x", title: "Add x", body: "", ...words };
}

describe("taskOf", () => {
  test.each([
    ["the branch", { branch: "feat/WEB-77-cart" }, "WEB-77"],
    ["the branch before the title", { branch: "WEB-77", title: "API-1: cart" }, "WEB-77"],
    ["the title", { title: "[WEB-77] cart" }, "WEB-77"],
    ["the title before the body", { title: "WEB-77: cart", body: "Closes #41" }, "WEB-77"],
    ["a branch with underscores", { branch: "user_WEB-77_cart" }, "WEB-77"],
    ["the issue that the body closes", { body: "Closes #41" }, "acme/web#41"],
    ["another of GitHub's keywords", { body: "Text.\nfixed: #7." }, "acme/web#7"],
  ])("finds it in %s", (_, words, task) => {
    expect(taskOf(text(words))).toBe(task);
  });

  test.each([
    ["a standard", { title: "Read UTF-8 and SHA-256 and RFC-7231" }],
    ["a version", { branch: "release-2" }],
    ["an issue that is only mentioned", { body: "See #41, and do not close it" }],
    ["an issue of another repository", { body: "Closes acme/api#41" }],
    ["part of a word", { title: "xWEB-77y and WEB-77b" }],
    ["a number that starts with 0", { title: "WEB-077" }],
  ])("does not take %s for a task", (_, words) => {
    expect(taskOf(text(words))).toBeUndefined();
  });

  test("finds an issue key after the name of a standard", () => {
    expect(taskOf(text({ title: "UTF-8 for WEB-77" }))).toBe("WEB-77");
  });
});

describe("revertedBy", () => {
  test.each([
    ["GitHub's button", 'Revert "Add x"', "Reverts acme/web#4100", "github:acme/web#4100"],
    [
      "text around it",
      'Revert "Add x"',
      "Broke.\r\n\r\nReverts acme/web#4100\r\n",
      "github:acme/web#4100",
    ],
    ["other case", "revert: add x", "reverts Acme/Web#4100", "github:acme/web#4100"],
    ["the revert of a revert", 'Reapply "Add x"', "Reverts acme/web#4101", "github:acme/web#4101"],
    ["git revert", 'Revert "Add x"', `This reverts commit ${HASH}.`, HASH],
  ])("knows %s", (_, title, body, reverts) => {
    expect(revertedBy(text({ title, body }))).toBe(reverts);
  });

  test.each([
    ["a body that mentions a revert under another title", "Add x", "Reverts acme/web#4100"],
    ["a title alone", 'Revert "Add x"', "It broke."],
    ["the middle of a sentence", 'Revert "Add x"', "Maybe Reverts acme/web#4100"],
    ["another repository's work", 'Revert "Add x"', "Reverts other/web#4100"],
  ])("takes no one's credit for %s", (_, title, body) => {
    expect(revertedBy(text({ title, body }))).toBeUndefined();
  });
});

describe("revertedCommits", () => {
  test("lists each commit once, in order", () => {
    const other = "e".repeat(40);

    expect(
      revertedCommits(
        `Revert two\n\nThis reverts commit ${HASH}.\nThis reverts commit ${other}, reversing\n` +
          `changes made to ${"f".repeat(40)}.\nThis reverts commit ${HASH}.`,
      ),
    ).toEqual([HASH, other]);
  });

  test.each(["This reverts commit 0d1a26e6.", `This does not revert commit ${HASH}`, ""])(
    "%j names no commit that can be matched",
    (message) => {
      expect(revertedCommits(message)).toEqual([]);
    },
  );

  test("long hostile text is read in linear time", () => {
    const pieces = [
      "This reverts commit ",
      "Closes ",
      "A-",
      "WEB-",
      "\n",
      " ",
      "\t",
      "a/",
      "Reverts ",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...pieces), (piece) => {
        const hostile = piece.repeat(100_000 / piece.length);
        const startedAt = performance.now();

        taskOf(text({ branch: hostile, title: hostile, body: hostile }));
        revertedBy(text({ title: `Revert ${hostile}`, body: hostile }));

        expect(performance.now() - startedAt).toBeLessThan(500);
      }),
      { numRuns: pieces.length },
    );
  });
});
