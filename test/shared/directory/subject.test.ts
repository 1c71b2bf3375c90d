import { describe, expect, test } from "vitest";
import { normalisedSubject } from "../../../shared/directory/subject.ts";

describe("normalisedSubject", () => {
  test.each([
    ["User-017@Example.com", "user-017@example.com"],
    [" user-017@example.com\n", "user-017@example.com"],
    ["github:User-017", "github:user-017"],
    ["GitHub:User-017", "github:user-017"],
  ])("%j is %j: mail and GitHub match regardless of case", (subject, expected) => {
    expect(normalisedSubject(subject)).toBe(expected);
  });

  test.each(["claude-code:9F86D081", "codex:acct_Ab12", "User 17"])(
    "%j keeps its case, because its issuer may tell case apart",
    (subject) => {
      expect(normalisedSubject(subject)).toBe(subject);
    },
  );
});
