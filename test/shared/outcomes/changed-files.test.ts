import { describe, expect, test } from "vitest";
import {
  fileHashes,
  isTellingFile,
  MOST_FILES,
  touchSameFiles,
} from "../../../shared/outcomes/changed-files.ts";

const numbered = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => `${at + from}`.padStart(4, "0"));

describe("isTellingFile", () => {
  test.each([
    "src/cart.ts",
    "README.md",
    "docs/changes-of-address.md",
    "src/lock.ts",
    "src/mutex-lock.go",
    "src/map.ts",
    "packages/cart/src/package.ts",
    "src/vendors/list.ts",
    "Makefile",
    "lib/dist.ts",
  ])("%s says what a change is about", (path) => {
    expect(isTellingFile(path)).toBe(true);
  });

  test.each([
    "package-lock.json",
    "web/yarn.lock",
    "pnpm-lock.yaml",
    "Cargo.lock",
    "gradle.lockfile",
    ".terraform.lock.hcl",
    "go.sum",
    "go.mod",
    "packages/cart/package.json",
    "pyproject.toml",
    "requirements-dev.txt",
    "src/Web/Web.csproj",
    "CHANGELOG.md",
    "docs/release-notes.rst",
    "vendor/github.com/acme/x.go",
    "web/node_modules/x/index.js",
    "web/dist/app.js",
    "src/__snapshots__/cart.ts.snap",
    "api/cart.pb.go",
    "api/cart_pb2.py",
    "src/client.generated.ts",
    "static/app.min.js",
    "src/",
    "",
  ])("%s says nothing, as changes touch it that have nothing in common", (path) => {
    expect(isTellingFile(path)).toBe(false);
  });
});

describe("fileHashes", () => {
  const hash = (text: string) => `h${text}`;

  test("hashes each telling path once, together with its repository, in one order", () => {
    const paths = ["src/b.ts", "package.json", "src/a.ts", "src/b.ts"];

    expect(fileHashes("acme/web", paths, hash)).toEqual([
      'h["file","acme/web","src/a.ts"]',
      'h["file","acme/web","src/b.ts"]',
    ]);
  });

  test("of very many files keeps a sample of fixed size, the same one whatever their order", () => {
    const paths = numbered(3_000).map((name) => `src/${name}.ts`);

    const kept = fileHashes("acme/web", paths, hash);

    expect(kept).toHaveLength(MOST_FILES);
    expect(fileHashes("acme/web", paths.toReversed(), hash)).toEqual(kept);
  });
});

describe("touchSameFiles", () => {
  test.each([
    ["one file, and it is the same", ["a"], ["a"], true],
    ["one file, and the other change has many more", ["a"], numbered(30).concat("a"), true],
    ["half of the smaller one", ["a", "b"], ["b", "c", "d"], true],
    ["one of three", ["a", "b", "c"], ["c", "d", "e"], false],
    ["none", ["a"], ["b"], false],
    ["none, where one has no files", [], ["b"], false],
    ["none, where both have no files", [], [], false],
  ])("shared: %s", (_, a, b, expected) => {
    expect(touchSameFiles(a, b)).toBe(expected);
    expect(touchSameFiles(b, a)).toBe(expected);
  });

  test("of more files than are kept, only those are compared that both samples would hold", () => {
    const sample = numbered(MOST_FILES);
    const beyond = numbered(MOST_FILES, MOST_FILES);

    // Whether the large change touches these files is not known: they would not be in its sample.
    expect(touchSameFiles(sample, [...sample.slice(0, 2), ...beyond.slice(0, 60)])).toBe(true);
    expect(touchSameFiles(sample, beyond)).toBe(false);
  });
});
