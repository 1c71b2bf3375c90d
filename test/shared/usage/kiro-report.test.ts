import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { KIRO_REPORTS } from "../../../shared/usage/kiro-report.ts";
import { RefusedFileError } from "../../../shared/usage/usage-drop.ts";
import { acceptedOf, readFile } from "../../support/dropped-files.ts";

const DAY_MS = Date.UTC(2026, 10, 20);
const FIRST = "90671234-5678-4abc-9def-000000000001";
const SECOND = "90671234-5678-4abc-9def-000000000002";
const AS_OF_MS = Date.parse("2026-11-21T02:00:00Z");

const report = (client: string) =>
  readFileSync(
    new URL(
      `../../fixtures/kiro/${client}_123456789012_user_report_202611200000.csv`,
      import.meta.url,
    ),
    "utf8",
  );

const read = (text: string, context = {}) => readFile(KIRO_REPORTS, text, context);
const creditsOf = (text: string, context = {}) =>
  acceptedOf(read(text, context)).map(({ subject, credits }) => [subject, credits]);

/** A report of one row; columns that are not given are not there. */
function aReport(cells: Readonly<Record<string, string>>): string {
  const row = { Date: "2026-11-20", UserId: FIRST, Client_Type: "KIRO_IDE", ...cells };
  return `${Object.keys(row).join(",")}\n${Object.values(row).join(",")}\n`;
}

describe("KIRO_REPORTS", () => {
  test("reads the sample of the IDE: a day of a person, with its credits in millionths", () => {
    const day = {
      grain: "day",
      timeMs: DAY_MS,
      subject: `kiro:${FIRST}`,
      session: "-",
      tool: "kiro",
      provider: "kiro",
      model: "-",
      tokens: {
        uncachedInput: 0,
        cacheRead: 0,
        cacheWrite5m: 0,
        cacheWrite1h: 0,
        output: 0,
        reasoning: 0,
      },
    };
    const row = `kiro:2026-11-20:${FIRST}:KIRO_IDE`;

    expect(read(report("KIRO_IDE"))).toEqual([
      {
        kind: "accepted",
        event: {
          ...day,
          id: `${row}@${AS_OF_MS}`,
          calls: 1,
          credits: { used: 41_370_000, overage: 0 },
          revision: { of: row, asOfMs: AS_OF_MS },
        },
      },
      {
        kind: "accepted",
        event: {
          ...day,
          id: `${row}:overage@${AS_OF_MS}`,
          calls: 0,
          credits: { used: 0, overage: 0 },
          revision: { of: `${row}:overage`, asOfMs: AS_OF_MS },
        },
      },
    ]);
  });

  test("reads the sample of the command line, which has columns that the other has not", () => {
    expect(creditsOf(report("KIRO_CLI"))).toEqual([
      [`kiro:${FIRST}`, { used: 12_500_000, overage: 0 }],
      [`kiro:${FIRST}`, { used: 0, overage: 0 }],
      [`kiro:${SECOND}`, { used: 1_480_020_000, overage: 0 }],
      [`kiro:${SECOND}`, { used: 0, overage: 930_400_000 }],
    ]);
  });

  test("takes credits over the plan out of those used, where it is set that they are in them", () => {
    // 1480.02 - 930.4
    expect(creditsOf(report("KIRO_CLI"), { kiroCreditsIncludeOverage: true }).slice(2)).toEqual([
      [`kiro:${SECOND}`, { used: 549_620_000, overage: 0 }],
      [`kiro:${SECOND}`, { used: 0, overage: 930_400_000 }],
    ]);
  });

  test("finds columns by name, in any case and order, with blanks around them", () => {
    const text = `Overage_Credits_Used, CREDITS_USED ,client_type,claude_opus_4.8_messages,userid,date\n0.5, 2.25 ,PLUGIN,9,${FIRST},2026-11-20\n`;

    expect(creditsOf(text)).toEqual([
      [`kiro:${FIRST}`, { used: 2_250_000, overage: 0 }],
      [`kiro:${FIRST}`, { used: 0, overage: 500_000 }],
    ]);
  });

  test("a row that is shorter than the header lacks what the last columns say, and no more", () => {
    const text = `Date,UserId,Client_Type,Credits_Used,Overage_Credits_Used,New_User\n2026-11-20,${FIRST},KIRO_IDE,7`;

    expect(creditsOf(text)).toEqual([[`kiro:${FIRST}`, { used: 7_000_000, overage: 0 }]]);
  });

  test("takes the client from the name of the file where no column says it", () => {
    const text = `Date,UserId,Credits_Used\n2026-11-20,${FIRST},7`;
    const path = ["AWSLogs", "00", "KIRO_CLI_123456789012_user_report_202611200000.csv"];

    expect(acceptedOf(read(text, { path }))[0]?.revision?.of).toBe(
      `kiro:2026-11-20:${FIRST}:KIRO_CLI`,
    );
  });

  test.each([
    ["Date", "20.11.2026"],
    ["Date", "2026-02-30"],
    ["Date", "2019-12-31"],
    ["UserId", ""],
    ["Credits_Used", ""],
    ["Credits_Used", "-1"],
    ["Credits_Used", "12,5"],
    ["Credits_Used", "many"],
    ["Overage_Credits_Used", "NaN"],
  ])("rejects a row whose %s is %j, and says which column it is", (column, value) => {
    const readings = read(aReport({ Credits_Used: "1", [column]: `"${value}"` }));

    expect(readings).toMatchObject([{ kind: "rejected", path: column }]);
  });

  test("rejects credits that are less than those over the plan, if they are to include them", () => {
    const text = aReport({ Credits_Used: "1", Overage_Credits_Used: "1.5" });
    const readings = read(text, { kiroCreditsIncludeOverage: true });

    expect(readings).toMatchObject([
      { kind: "rejected", path: "Credits_Used", message: expect.stringContaining("false") },
    ]);
  });

  test("refuses a file without a column that every row needs", () => {
    expect(() => read("Date,UserId,Total_Messages\n2026-11-20,a,3")).toThrow(
      new RefusedFileError("the header has no column Credits_Used"),
    );
  });

  test("keeps no e-mail address, plan or count of messages", () => {
    const text = JSON.stringify(read(report("KIRO_CLI")));

    expect(text).not.toMatch(/@example\.com|PRO_PLUS|2210|EXAMPLEPROFILE/);
  });

  test.each([
    [
      "user_report/us-east-1/2026/11/20/00/KIRO_IDE_123456789012_user_report_202611200000.csv",
      { kind: "read" },
    ],
    [
      "by_user_analytic/us-east-1/2026/11/20/00/123456789012_by_user_analytic_202611200000_report.csv",
      { kind: "skipped", name: "kiro-by-user-analytic" },
    ],
    ["user_report/manifest.json", { kind: "skipped", name: "kiro-other" }],
  ])("tells by its name whether %s holds days of people", (key, selection) => {
    expect(KIRO_REPORTS.select(`AWSLogs/123456789012/KiroLogs/${key}`.split("/"))).toEqual(
      selection,
    );
  });
});
