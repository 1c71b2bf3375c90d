import { describe, expect, test } from "vitest";
import { directoryCommand } from "../../../infra/cli/directory-command.ts";
import { recordedTerminal } from "../../support/recorded-terminal.ts";
import { someSettings } from "../../support/settings.ts";

const HEADER = "user,team,cost_center,owner,use_case,effective_from";
const GOOD = `${HEADER}\nuser-017@example.com,team-checkout,,,,2026-10-01\n`;

const place = {
  user: "pseudonym-017",
  costCenter: "CC-1001",
  owner: "checkout-owner",
  useCase: "feature-work",
};

function setup(file: string | Uint8Array) {
  const uploads: unknown[] = [];
  const terminal = recordedTerminal();
  const run = (...args: readonly string[]) =>
    directoryCommand(args, {
      ...terminal,
      readFile: async (path) => {
        if (path !== "people/team.csv") {
          throw new Error("ENOENT");
        }
        return Buffer.from(file);
      },
      settings: async () => someSettings(),
      names: () => ({
        read: async () => ({
          assignments: [
            { ...place, team: "team-search", effectiveFrom: "2026-10-01" },
            { ...place, team: "team-checkout", effectiveFrom: "2026-08-01" },
          ],
          aliases: new Map([["pseudonym-of-github:user-017", place.user]]),
        }),
        subjectOf: async (user) => (user === place.user ? "user-017@example.com" : undefined),
        pseudonyms: async () => (subject) =>
          subject === "user-017@example.com" ? place.user : `pseudonym-of-${subject}`,
      }),
      upload: async (...upload) => {
        uploads.push(upload);
      },
    });
  return { ...terminal, run, uploads };
}

describe("directory import", () => {
  test("uploads a file without a fault to where imports start", async () => {
    const { printed, run, uploads } = setup(GOOD);

    await run("import", "people/team.csv");

    expect(uploads).toEqual([[false, "directory/team.csv", GOOD]]);
    expect(printed.join()).toContain("Uploaded 1 line. In use");
  });

  test("goes to the stack in AWS only if it is told to", async () => {
    const { run, uploads } = setup(GOOD);

    await run("import", "people/team.csv", "--deployed");

    expect(uploads).toEqual([[true, "directory/team.csv", GOOD]]);
  });

  test("shows every fault with its line, and uploads nothing", async () => {
    const { run, uploads } = setup(
      `${GOOD}user-018@example.com,team-nobody,,,,2026-10-01\nuser-019@example.com,team-checkout,,,,soon\n`,
    );

    await expect(run("import", "people/team.csv")).rejects.toThrow(
      [
        "Nothing was imported.",
        "people/team.csv:3: team: the configuration has no team team-nobody; there are: team-checkout",
        "people/team.csv:4: effective_from: must be a day such as 2026-10-01",
      ].join("\n"),
    );
    expect(uploads).toEqual([]);
  });

  test("a fault of a whole line names no column, and leaves no gap for one", async () => {
    const { run } = setup(`${GOOD}user-018@example.com,team-checkout\n`);

    await expect(run("import", "people/team.csv")).rejects.toThrow(
      "people/team.csv:3: must have 6 cells like the header, got 2",
    );
  });

  test.each([
    [["import", "people/none.csv"], /people\/none\.csv cannot be read/],
    [["import"], /Usage/],
    [["export", "people/team.csv"], /Usage/],
    [["import", "people/team.csv", "more.csv"], /Usage/],
  ])("%j uploads nothing and says what is wrong", async (args, message) => {
    const { run, uploads } = setup(GOOD);

    await expect(run(...args)).rejects.toThrow(message);
    expect(uploads).toEqual([]);
  });

  test("a file in another encoding is told how to be saved", async () => {
    const { run } = setup(Buffer.from([0x75, 0xfc]));

    await expect(run("import", "people/team.csv")).rejects.toThrow("UTF-8");
  });
});

describe("directory find", () => {
  test.each([
    ["the pseudonym of an alert", place.user],
    ["an account, in any case", "User-017@Example.com"],
    ["another account of the same person", "github:user-017"],
  ])("%s leads to the person and their teams, the first one first", async (_, wanted) => {
    const { printed, run } = setup(GOOD);

    await run("find", wanted);

    expect(printed.map((line) => line.split(/ +/))).toEqual([
      ["PSEUDONYM", "ACCOUNT", "TEAM", "OWNER", "FROM"],
      [place.user, "user-017@example.com", "team-checkout", "checkout-owner", "2026-08-01"],
      [place.user, "user-017@example.com", "team-search", "checkout-owner", "2026-10-01"],
    ]);
  });

  test("an account that the directory does not list has a pseudonym all the same", async () => {
    const { printed, run } = setup(GOOD);

    await run("find", "user-044@example.com");

    expect(printed[1]).toMatch(
      /^pseudonym-of-user-044@example\.com +user-044@example\.com +unassigned/,
    );
  });

  test("a pseudonym that leads to nobody is said, and not guessed at", async () => {
    const { run } = setup(GOOD);

    await expect(run("find", "nobody")).rejects.toThrow("nobody in the directory");
  });
});
