import * as z from "zod";
import { addDays } from "../ledger/calendar.ts";
import { normalisedModel } from "../usage/field-limits.ts";
import { NO_TOKENS } from "../usage/usage-event.ts";
import type { SettingsOf } from "./collector-settings.ts";
import {
  type CollectorSource,
  type CollectTask,
  type PageReading,
  type RowReading,
  UnreadablePageError,
} from "./collector-source.ts";
import { dayRow } from "./day-row.ts";
import { dayTasks } from "./days.ts";
import { Bill, billRequest, githubCredentials, PersonalItem } from "./github-api.ts";
import { Count, CountIfGiven, Name, pageOf, rowReadings } from "./page-fields.ts";

type Settings = SettingsOf<"copilot-users">;

const REPORT = "report";
/** The report of the last day, which may not be made yet. */
const NEWEST = "newest-report";
const FILE = "report-file";
const BILL = "user-bill";

const Report = z.object({ download_links: z.array(z.string()) });
/** Links are signed: nothing but TLS keeps them, unless they stay on this machine. */
const LINK = /^(?:https:\/\/|http:\/\/127\.0\.0\.1[:/])/;

const Line = z.object({
  day: z.iso.date("must be a day"),
  user_login: Name,
  user_initiated_interaction_count: CountIfGiven,
  code_generation_activity_count: CountIfGiven,
  totals_by_cli: z
    .object({
      request_count: CountIfGiven,
      token_usage: z.object({ output_tokens_sum: Count, prompt_tokens_sum: Count }).nullish(),
    })
    .nullish(),
});
type Line = z.infer<typeof Line>;

/**
 * What each person did with GitHub Copilot in a day, `GET
 * /orgs/{org}/copilot/metrics/reports/users-1-day`: signed links to files of one line a person. Only
 * the command line has tokens. With `billing`, the bill of each person who did anything, one request
 * for each: that is what has money.
 */
export const COPILOT_USERS: CollectorSource<Settings> = {
  credentials: githubCredentials,
  // Today has no report.
  plan: ({ from, to }) => {
    const tasks = dayTasks(REPORT, { from, to: addDays(to, -1) });
    return tasks.map((task, at) => (at === tasks.length - 1 ? { ...task, step: NEWEST } : task));
  },
  request: ({ step, from, about = "" }, { organization, bill }) => {
    if (step === FILE) {
      return { method: "GET", path: about };
    }
    return step === BILL
      ? billRequest(organization, bill, from, about)
      : {
          method: "GET",
          path: `/orgs/${encodeURIComponent(organization)}/copilot/metrics/reports/users-1-day`,
          query: [["day", from]],
          mayBeAbsent: step === NEWEST,
        };
  },
  read: (task, text, { askedAtMs }, settings) => {
    switch (task.step) {
      case FILE:
        return readFile(task, text, askedAtMs, settings);
      case BILL:
        return { rows: readBill(task, text, askedAtMs), next: [] };
      default:
        return { rows: [], next: text.trim() === "" ? [] : filesOf(task, text) };
    }
  },
};

function filesOf(task: CollectTask, text: string): readonly CollectTask[] {
  return pageOf(Report, task.step, text).download_links.map((link) => {
    if (!LINK.test(link)) {
      throw new UnreadablePageError(task.step, "download_links: must begin with https://");
    }
    return { ...task, step: FILE, about: link, origin: task };
  });
}

function readFile(
  task: CollectTask,
  text: string,
  askedAtMs: number,
  { billing }: Settings,
): PageReading {
  const people = new Set<string>();
  const rows = text.split("\n").flatMap((line, at) => {
    const path = `line ${at + 1}`;
    return line.trim() === ""
      ? []
      : rowReadings(Line, parsed(line), path, (person) => {
          if (isActive(person)) {
            people.add(person.user_login);
          }
          return commandLineUsage(person, askedAtMs, billing);
        });
  });
  const bills = [...people].map((login) => ({ ...task, step: BILL, about: login }));
  return { rows, next: billing ? bills : [] };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isActive(person: Line): boolean {
  return (
    person.user_initiated_interaction_count > 0 ||
    person.code_generation_activity_count > 0 ||
    (person.totals_by_cli?.request_count ?? 0) > 0
  );
}

function subjectOf(login: string): string {
  return `github:${login.toLowerCase()}`;
}

/** Where the bill is read, it has the money and the number of these calls too. */
function commandLineUsage(person: Line, asOfMs: number, billing: boolean): readonly RowReading[] {
  const { day, user_login, totals_by_cli } = person;
  const tokens = totals_by_cli?.token_usage;
  if (!totals_by_cli || !tokens) {
    return [{ kind: "ignored", name: "no-tokens" }];
  }
  return [
    dayRow({
      row: ["github:copilot-users", user_login.toLowerCase(), "cli"],
      day,
      asOfMs,
      subject: subjectOf(user_login),
      tool: "copilot",
      provider: "github",
      model: "-",
      tokens: {
        ...NO_TOKENS,
        // How much of it the cache held is not said.
        uncachedInput: tokens.prompt_tokens_sum,
        output: tokens.output_tokens_sum,
      },
      ...(billing ? { calls: 0, reportedCostNanoUsd: 0n } : { calls: totals_by_cli.request_count }),
    }),
  ];
}

function readBill({ from, about = "" }: CollectTask, text: string, asOfMs: number) {
  return pageOf(Bill, BILL, text).usageItems.flatMap((item, at) =>
    rowReadings(PersonalItem, item, `usageItems[${at}]`, (billed) => {
      const { product, sku, model, unitType, grossQuantity, grossAmount } = billed;
      const isCalls = unitType === "requests" && Number.isInteger(grossQuantity);
      return [
        dayRow({
          row: ["github:bill", about.toLowerCase(), product, sku, model, unitType],
          day: from,
          asOfMs,
          subject: subjectOf(about),
          tool: "copilot",
          provider: "github",
          model: model === undefined ? "-" : normalisedModel(model),
          calls: isCalls ? (grossQuantity ?? undefined) : undefined,
          reportedCostNanoUsd: grossAmount,
        }),
      ];
    }),
  );
}
