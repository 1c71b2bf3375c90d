import { describe, expect, test } from "vitest";
import { artifactOfPurl } from "../../../shared/outcomes/purl.ts";

const DIGEST = `sha256:${"0b31b1c0".repeat(8)}`;
const COMMIT = "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c";

describe("artifactOfPurl", () => {
  test.each([
    [`pkg:oci/widgets@${DIGEST.replace(":", "%3A")}`, { artifact: DIGEST }],
    [`pkg:oci/other-name@${DIGEST}?arch=arm64`, { artifact: DIGEST }],
    [`pkg:golang/example.com/acme/widgets@${COMMIT}`, { commits: [COMMIT] }],
    ["pkg:npm/widgets@1.2.3", { artifact: "pkg:npm/widgets@1.2.3" }],
    // digits only, but no commit
    ["pkg:generic/widgets@20261121", { artifact: "pkg:generic/widgets@20261121" }],
    ["pkg:generic/widgets@%E0%A4%A", { artifact: "pkg:generic/widgets@%E0%A4%A" }],
    [`pkg:generic/${"x".repeat(300)}`, {}],
  ])("reads %s", (purl, expected) => {
    expect(artifactOfPurl(purl)).toEqual(expected);
  });
});
