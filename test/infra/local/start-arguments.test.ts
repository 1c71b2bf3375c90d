import { describe, expect, test } from "vitest";
import { HelpRequest } from "../../../infra/cli/command-line.ts";
import { startArguments } from "../../../infra/local/start-arguments.ts";

describe("startArguments", () => {
  test.each([
    [[], 8787],
    [["--port", "9000"], 9000],
    [["--port=65535"], 65_535],
  ])("%j listens on %d", (args, apiPort) => {
    expect(startArguments(args)).toEqual({ apiPort, importPaths: [] });
  });

  test.each([["0"], ["65536"], ["80a"], [""]])(
    "the port %j is refused, and not guessed at",
    (port) => {
      expect(() => startArguments([`--port=${port}`])).toThrow(/^--port must be from 1 to 65535/);
    },
  );

  test.each([
    [["--nope"], "Unknown option '--nope'"],
    [["9000"], "got: 9000"],
  ])("%j does not start anything: it was meant to do something", (args, fault) => {
    expect(() => startArguments(args)).toThrow(fault);
  });

  test("takes several paths to import, and whose they are", () => {
    const args = ["--import", "a", "--import", "b", "--user", "user-017@example.com"];

    expect(startArguments(args)).toEqual({
      apiPort: 8787,
      importPaths: ["a", "b"],
      user: "user-017@example.com",
    });
  });

  test.each([[["--user", "user-017@example.com"]], [["--import", "a", "--user", " "]]])(
    "%j names nobody's files",
    (args) => {
      expect(() => startArguments(args)).toThrow("--user names the person");
    },
  );

  test("help says what there is to say, instead of starting", () => {
    expect(() => startArguments(["--help"])).toThrow(HelpRequest);
  });
});
