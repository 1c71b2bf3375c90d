import { afterEach, describe, expect, test } from "vitest";
import {
  CommandError,
  HelpRequest,
  readArguments,
  runCommand,
  table,
} from "../../../infra/cli/command-line.ts";
import { recordedTerminal } from "../../support/recorded-terminal.ts";

afterEach(() => {
  process.exitCode = undefined;
});

describe("runCommand", () => {
  test("what the person can put right is shown as it is, with exit status 1", async () => {
    const terminal = recordedTerminal();

    await runCommand(() => Promise.reject(new CommandError("there is no key k1")), terminal);

    expect(terminal.remarks).toEqual(["there is no key k1"]);
    expect(process.exitCode).toBe(1);
  });

  test("a command that was not given what it needs ends with exit status 2", async () => {
    await runCommand(() => Promise.reject(new CommandError("Usage: …", 2)), recordedTerminal());

    expect(process.exitCode).toBe(2);
  });

  test("any other error is one line with its name", async () => {
    const terminal = recordedTerminal();

    await runCommand(() => Promise.reject(new RangeError("too far")), terminal);

    expect(terminal.remarks).toEqual(["RangeError: too far"]);
    expect(process.exitCode).toBe(1);
  });

  test("help is a result: on stdout, to be piped, and no failure", async () => {
    const terminal = recordedTerminal();

    await runCommand(() => Promise.reject(new HelpRequest("Usage: …")), terminal);

    expect(terminal).toMatchObject({ printed: ["Usage: …"], remarks: [] });
    expect(process.exitCode).toBeUndefined();
  });

  test("a command that ends well leaves the exit status alone", async () => {
    await runCommand(() => Promise.resolve(), recordedTerminal());

    expect(process.exitCode).toBeUndefined();
  });
});

describe("readArguments", () => {
  test("an option that there is not is refused with the usage", () => {
    expect(() => readArguments(["--loud"], {}, "Usage: …")).toThrow(
      new CommandError("Unknown option '--loud'\n\nUsage: …", 2),
    );
  });

  test.each([[["--help"]], [["-h"]], [["create", "--loud", "--help"]]])(
    "%j is answered with the usage, whatever else is said",
    (args) => {
      expect(() => readArguments(args, {}, "Usage: …")).toThrow(new HelpRequest("Usage: …"));
    },
  );
});

describe("table", () => {
  test("columns are as wide as their widest cell, without blanks at the end of a line", () => {
    expect(
      table(
        ["A", "LONG"],
        [
          ["wide", "1"],
          ["x", "2"],
        ],
      ),
    ).toEqual(["A     LONG", "wide  1", "x     2"]);
  });
});
