import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDirectoryCsv } from "../../../shared/directory/directory-csv.ts";
import { Settings } from "../../../shared/directory/settings.ts";

const settings = Settings.parse({
  owners: [
    { id: "owner-shop", email: "owner-shop@example.com" },
    { id: "owner-data", email: "owner-data@example.com" },
  ],
  teams: [
    { id: "team-checkout", owner: "owner-shop", costCenter: "CC-100", useCase: "feature-work" },
    { id: "team-data", owner: "owner-data", costCenter: "CC-200", useCase: "analysis" },
  ],
  fallbackOwner: "owner-shop",
});

const HEADER = "user,team,cost_center,owner,use_case,effective_from,aliases";

function parse(...lines: readonly string[]) {
  return parseDirectoryCsv([HEADER, ...lines].join("\n"), settings);
}

function faultsOf(...lines: readonly string[]) {
  const parsed = parse(...lines);
  return parsed.kind === "refused" ? parsed.faults : [];
}

const good = "user-017@example.com,team-checkout,CC-150,owner-data,bug-fixing,2026-10-01,";

describe("parseDirectoryCsv", () => {
  test("reads every column, and the aliases between semicolons", () => {
    expect(
      parse(
        "User-017@example.com,team-checkout,CC-150,owner-data,bug-fixing,2026-10-01,github:User-017; claude-code:9F86",
      ),
    ).toEqual({
      kind: "directory",
      rows: [
        {
          line: 2,
          user: "user-017@example.com",
          team: "team-checkout",
          costCenter: "CC-150",
          owner: "owner-data",
          useCase: "bug-fixing",
          effectiveFrom: "2026-10-01",
          aliases: ["github:user-017", "claude-code:9F86"],
        },
      ],
    });
  });

  test("an empty cost centre, owner and use case are the team's", () => {
    expect(parse("user-017@example.com,team-data,,,,2026-10-01,")).toMatchObject({
      rows: [{ costCenter: "CC-200", owner: "owner-data", useCase: "analysis", aliases: [] }],
    });
  });

  test("a person may move: one line a day from which it holds", () => {
    expect(
      parse(
        "user-017@example.com,team-checkout,,,,2026-10-01,github:user-017",
        "user-017@example.com,team-data,,,,2026-11-01,github:user-017",
      ),
    ).toMatchObject({ kind: "directory", rows: [{ line: 2 }, { line: 3 }] });
  });

  test.each([
    ["a byte order mark, as Excel writes", `\uFEFF${HEADER}\n${good}`],
    ["Windows line ends", `${HEADER}\r\n${good}\r\n`],
    [
      "the columns in another order",
      "effective_from,team,user,owner,use_case,cost_center\n2026-10-01,team-checkout,user-017@example.com,owner-data,bug-fixing,CC-150",
    ],
    [
      "capitals and spaces in the header",
      `${HEADER.toUpperCase().replaceAll(",", " , ")}\n${good}`,
    ],
    [
      "quoted cells",
      `${HEADER}\n"user-017@example.com","team-checkout","CC-150",owner-data,bug-fixing,2026-10-01,""`,
    ],
    ["empty lines", `\n${HEADER}\n\n${good}\n\n`],
  ])("reads a file with %s", (_, text) => {
    expect(parseDirectoryCsv(text, settings)).toMatchObject({
      kind: "directory",
      rows: [{ user: "user-017@example.com", costCenter: "CC-150", owner: "owner-data" }],
    });
  });

  test.each([
    ["user", "user 17,team-checkout,,,,2026-10-01,"],
    ["user", ",team-checkout,,,,2026-10-01,"],
    ["user", '"=HYPERLINK(""x"")@example.com",team-checkout,,,,2026-10-01,'],
    ["user", "@user-017,team-checkout,,,,2026-10-01,"],
    ["cost_center", "user-017@example.com,team-checkout,=1+1,,,2026-10-01,"],
    ["cost_center", "user-017@example.com,team-checkout,+49,,,2026-10-01,"],
    ["cost_center", "user-017@example.com,team-checkout,-5,,,2026-10-01,"],
    ["cost_center", "user-017@example.com,team-checkout,@SUM(A1),,,2026-10-01,"],
    ["use_case", "user-017@example.com,team-checkout,,,Feature Work,2026-10-01,"],
    ["effective_from", "user-017@example.com,team-checkout,,,,01.10.2026,"],
    ["effective_from", "user-017@example.com,team-checkout,,,,2026-02-30,"],
    ["effective_from", "user-017@example.com,team-checkout,,,,,"],
    ["aliases", "user-017@example.com,team-checkout,,,,2026-10-01,user-017"],
    ["team", "user-017@example.com,,,,,2026-10-01,"],
    ["", "user-017@example.com,team-checkout,,,2026-10-01"],
  ])("says the line and that %j is wrong in %j, and uses nothing of the file", (column, bad) => {
    expect(parse(good, bad)).toEqual({
      kind: "refused",
      faults: [{ line: 3, column, message: expect.stringMatching(/\w/) }],
    });
  });

  test("names a team and an owner that the configuration does not have", () => {
    expect(faultsOf("user-017@example.com,team-chekout,,owner-nobody,,2026-10-01,")).toEqual([
      {
        line: 2,
        column: "team",
        message: "the configuration has no team team-chekout; there are: team-checkout, team-data",
      },
      {
        line: 2,
        column: "owner",
        message: "the configuration has no owner owner-nobody; there are: owner-shop, owner-data",
      },
    ]);
  });

  test("repeats no cell that may be a name, as in a line that is shifted by one", () => {
    const faults = faultsOf(",user-044@example.com,team-checkout,CC-150,owner-shop,,2026-10-01");

    expect(faults.length).toBeGreaterThan(2);
    expect(JSON.stringify(faults)).not.toContain("user-044");
  });

  test("two lines for one user and day are refused, because only one can hold", () => {
    expect(faultsOf(good, good.replace("team-checkout", "team-data"))).toEqual([
      { line: 3, column: "effective_from", message: "the same user has line 2 for the same day" },
    ]);
  });

  test.each([
    [
      "two users",
      "user-017@example.com,team-data,,,,2026-10-01,github:shared",
      "user-018@example.com,team-data,,,,2026-10-01,github:shared",
    ],
    [
      "a user of the file",
      "user-017@example.com,team-data,,,,2026-10-01,",
      "user-018@example.com,team-data,,,,2026-10-01,user-017@example.com",
    ],
  ])("an alias of %s is refused, because work would be credited to the wrong one", (_, a, b) => {
    expect(faultsOf(a, b)).toMatchObject([{ line: 3, column: "aliases" }]);
  });

  test.each([
    ["no header", good, "user"],
    ["a column missing", HEADER.replace("owner,", ""), "owner"],
    ["a column twice", `${HEADER},team`, "team"],
    ["a column that is not known", `${HEADER},salary`, "column 8"],
    ["semicolons between the columns", HEADER.replaceAll(",", ";"), ""],
  ])("a file with %s is refused at its first line", (_, header, column) => {
    expect(parseDirectoryCsv(`${header}\n${good}\n`, settings)).toMatchObject({
      kind: "refused",
      faults: expect.arrayContaining([expect.objectContaining({ line: 1, column })]),
    });
  });

  test.each([
    ["nothing", ""],
    ["a header alone", `${HEADER}\n`],
  ])("a file with %s is refused: an export that went wrong must not look imported", (_, text) => {
    expect(parseDirectoryCsv(text, settings)).toEqual({
      kind: "refused",
      faults: [{ line: 1, column: "", message: "has no line that says who is where" }],
    });
  });

  test("faults are in order of their lines, as they are put right", () => {
    const faults = faultsOf(good, good, "user-018@example.com,team-data,,,,soon,");

    expect(faults.map(({ line }) => line)).toEqual([3, 4]);
  });

  test("broken quotes are refused with the line", () => {
    expect(faultsOf(good, 'user-018@example.com,"team-data"x,,,,2026-10-01,')).toEqual([
      { line: 3, column: "", message: "is not valid CSV: check the quotes" },
    ]);
  });

  test("any table is either read in full or refused, and never crashes", () => {
    const cell = fc.oneof(
      fc.constantFrom("", "user-017@example.com", "team-data", "2026-10-01", "=1+1", "github:x"),
      fc.string({ maxLength: 12 }),
    );
    const table = fc.array(fc.array(cell, { minLength: 6, maxLength: 8 }), { maxLength: 5 });
    fc.assert(
      fc.property(table, (rows) => {
        const parsed = parseDirectoryCsv(`${HEADER}\n${stringify(rows)}`, settings);

        if (parsed.kind === "refused") {
          expect(parsed.faults).not.toEqual([]);
        } else {
          expect(parsed.rows).toHaveLength(
            rows.filter((row) => row.length !== 1 || row[0] !== "").length,
          );
        }
      }),
    );
  });
});
