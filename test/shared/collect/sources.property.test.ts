import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CollectorSettings } from "../../../shared/collect/collector-settings.ts";
import { UnreadablePageError } from "../../../shared/collect/collector-source.ts";
import { sourceOf } from "../../../shared/collect/sources.ts";

const PAGES = [
  [{ source: "anthropic-claude-code" }, "x", "anthropic-admin/usage_report.claude_code.json"],
  [{ source: "anthropic-messages" }, "x", "anthropic-admin/usage_report.messages.json"],
  [{ source: "anthropic-costs" }, "x", "anthropic-admin/cost_report.json"],
  [{ source: "anthropic-analytics" }, "x", "anthropic-admin/analytics.cost.json"],
  [{ source: "openai-usage" }, "x", "openai-admin/usage.completions.json"],
  [{ source: "openai-usage" }, "people", "openai-admin/users.json"],
  [{ source: "openai-costs" }, "x", "openai-admin/costs.json"],
  [
    { source: "copilot-users", organization: "acme" },
    "report-file",
    "github-copilot/users-1-day.part-0.ndjson",
  ],
  [
    { source: "copilot-users", organization: "acme" },
    "report",
    "github-copilot/users-1-day.response.json",
  ],
  [
    { source: "copilot-users", organization: "acme" },
    "user-bill",
    "github-copilot/premium_request.usage.json",
  ],
  [
    { source: "copilot-billing", organization: "acme" },
    "x",
    "github-copilot/premium_request.usage.json",
  ],
  [{ source: "cursor-events", grain: "day" }, "members", "cursor/admin.members.json"],
  [{ source: "cursor-events", grain: "request" }, "x", "cursor/admin.filtered-usage-events.json"],
] as const;

/** What may stand in place of any value of a page. */
const STRANGE = fc.constantFrom<unknown>(
  null,
  -1,
  1.5,
  1e300,
  true,
  "canary",
  "",
  [],
  {},
  [null],
  "\u0000",
  "\ud800",
  "1e5",
  Number.MAX_SAFE_INTEGER,
);

/** Replaces some of the values of a text of JSON, or of JSON lines. */
function broken(text: string, strange: readonly unknown[], seed: number): string {
  let at = 0;
  return text.replaceAll(
    /(:\s*)("(?:[^"\\]|\\.)*"|-?\d[\d.]*|null|true|false|\[\]|\{\})/g,
    (all, colon) => {
      at += 1;
      const value = strange[(at * 7 + seed) % (strange.length * 4)];
      return value === undefined ? all : `${colon}${JSON.stringify(value)}`;
    },
  );
}

describe("every source", () => {
  test.each(PAGES)(
    "%j reads a broken page (%s) or refuses it, in words that quote nothing of it",
    (settings, step, file) => {
      const text = readFileSync(new URL(`../../fixtures/${file}`, import.meta.url), "utf8");
      const collector = CollectorSettings.parse({ id: "one", ...settings });
      const task = { step, from: "2026-11-20", to: "2026-11-21", about: "canary" };
      const context = { askedAtMs: 1, people: new Map<string, string>(), hash: (t: string) => t };
      const read = (page: string) => {
        try {
          return sourceOf(collector).read(task, page, context, collector).rows;
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadablePageError);
          expect(String(error)).not.toContain("canary");
          return [];
        }
      };

      // Unbroken, it is read: else nothing below would mean anything.
      expect(read(text).filter(({ kind }) => kind === "rejected")).toEqual([]);
      fc.assert(
        fc.property(
          fc.oneof(
            fc.json(),
            fc.string(),
            fc
              .tuple(fc.array(STRANGE, { minLength: 1, maxLength: 9 }), fc.nat(1_000))
              .map(([strange, seed]) => broken(text, strange, seed)),
          ),
          (page) => {
            for (const row of read(page)) {
              if (row.kind === "rejected") {
                expect(`${row.path} ${row.message}`).not.toContain("canary");
              }
            }
          },
        ),
        { numRuns: 300 },
      );
    },
  );
});
