import { describe, expect, test } from "vitest";
import { activityText } from "../../../infra/local/activity-text.ts";

const USAGE = "IngestionIngestUsageFunction2F2163D6";
const places = { stateDir: ".outpace", reportsDir: ".outpace/s3/reports-bucket" };

function logged(message: unknown, level = "INFO"): string {
  return JSON.stringify({ timestamp: "2026-11-22T02:00:34.282Z", level, message });
}

const counts = { received: 0, committed: 0, duplicate: 0, quarantined: 0, rejected: 0 };

describe("activityText", () => {
  test.each([
    [
      "what became of records, without the parts that are none",
      USAGE,
      { outcome: "ok", ...counts, received: 3, committed: 2, rejected: 1 },
      "usage: received 3 = committed 2 + rejected 1",
    ],
    [
      "that records were delivered work",
      "IngestionIngestOutcomesFunctionCAAD9105",
      { ...counts, received: 1, duplicate: 1 },
      "delivered work: received 1 = duplicate 1",
    ],
    [
      "why a sender was refused, which the sender itself does not learn",
      "SenderApiAuthorizeSender",
      { authorization: "refused", reason: "revoked", keyId: "k1" },
      "a sender was refused: its key is revoked",
    ],
    [
      "that the directory was imported",
      "DropImport",
      { drop: "imported", key: "directory/people.csv", rows: 3 },
      "directory/people.csv: 3 lines imported",
    ],
    [
      "where to read why a file was refused",
      "DropImport",
      { drop: "refused", key: "directory/people.csv", faults: [] },
      "directory/people.csv was refused: see .outpace/logs/DropImport.log",
    ],
    [
      "of one line that it is one",
      "DropImport",
      { drop: "imported", key: "directory/people.csv", rows: 1 },
      "directory/people.csv: 1 line imported",
    ],
    [
      "where a report is",
      "ReportCosts",
      { month: "2026-11", path: "reports/2026-11/costs.csv", totalNanoUsd: "5459648000", rows: 5 },
      "2026-11 costs $5.46: .outpace/s3/reports-bucket/reports/2026-11/costs.csv",
    ],
    [
      "what a night came to, and that it is too early to judge",
      "ScoringScoreSessions",
      {
        asOf: "2026-11-21T03:00:00.000Z",
        people: { scored: 2, unscored: 1 },
        sessions: { scored: 9, unscored: 0 },
        alerts: { recorded: 0, quiet: 0 },
        learning: "under-4-weeks-of-history",
      },
      "scored 2 of 3 people, 0 new alerts; still learning: under-4-weeks-of-history",
    ],
    [
      "where an alert is",
      "AlertingSendAlerts",
      { alerts: 2, sent: 1, known: 1 },
      "alerts sent: 1, see .outpace/outbox/",
    ],
  ])("says %s", (_, logicalId, message, text) => {
    expect(activityText(logicalId, logged(message), places)).toBe(`02:00:34Z  ${text}`);
  });

  test("says where to read about an error, and nothing of it: it may be long", () => {
    expect(activityText("RollUp", logged({ message: "roll-up failed" }, "ERROR"), places)).toBe(
      "02:00:34Z  something failed: see .outpace/logs/RollUp.log",
    );
  });

  test("says that the host could not run a function, although such a line has no time", () => {
    const line = JSON.stringify({ level: "ERROR", host: "ran out of time" });

    expect(activityText("RollUp", line, places)).toBe(
      "something failed: see .outpace/logs/RollUp.log",
    );
  });

  test.each([
    ["a request without records", logged({ outcome: "ok", ...counts })],
    ["a sweep without alerts", logged({ alerts: 0 })],
    ["a metric", JSON.stringify({ _aws: {}, Received: 1 })],
    ["plain text", "START RequestId: 1"],
  ])("is silent about %s", (_, line) => {
    expect(activityText(USAGE, line, places)).toBeUndefined();
  });
});
