import type { NightlyFigures } from "./as-deployed.ts";
import { type CostToFool, STRENGTHS } from "./cost-to-fool.ts";
import type { Gate } from "./gates.ts";
import type { Performance } from "./measures/performance.ts";
import type { Scenario } from "./scenarios.ts";

export type ScenarioResult = {
  readonly scenario: Scenario;
  readonly figures: ReadonlyMap<string, Performance>;
};

export type ReportInput = {
  readonly seeds: readonly number[];
  readonly results: readonly ScenarioResult[];
  readonly gates: readonly Gate[];
  /** Empty where it was not run. */
  readonly fooling: readonly CostToFool[];
  readonly nightly: readonly (NightlyFigures & { readonly scenario: string })[];
};

/** The page for people. It says of every figure that the organisations are generated. */
export function detectionReport(input: ReportInput): string {
  const { seeds, results, gates, fooling, nightly } = input;
  return [
    "# Detection benchmark\n",
    `Organisations are generated, with session costs from a public board of real agents, and the gaming is injected: seeds ${seeds[0]} to ${seeds.at(-1)}.`,
    "What is real, what is invented, and how to read this: [docs/detection-benchmark.md](../docs/detection-benchmark.md).\n",
    "## Goals\n",
    table(
      ["goal", "measured", ""],
      gates.map(({ goal, measured, isMet }) => [goal, figure(measured), isMet ? "PASS" : "MISS"]),
    ),
    ...results.map(scenarioSection),
    ...(nightly.length === 0 ? [] : [nightlySection(nightly)]),
    ...(fooling.length === 0 ? [] : [foolingSection(fooling)]),
  ].join("\n");
}

/** Of the first six seeds. */
function nightlySection(nightly: ReportInput["nightly"]): string {
  return [
    "\n## What owners are told, as deployed\n",
    "The seven days before each night of the test, six hours after their end, with the floors of money, the quiet days and the false discovery rate of the default configuration.\n",
    table(
      [
        "scenario",
        "alerts",
        "false",
        "share false",
        "per owner-week",
        "false",
        "episodes",
        "found",
        "days",
      ],
      nightly.map((of) => [
        of.scenario,
        String(of.alerts),
        String(of.falseAlerts),
        figure(of.falseShare),
        figure(of.alertsPerOwnerWeek),
        figure(of.falsePerOwnerWeek),
        String(of.episodes),
        String(of.found),
        of.delayDays.toFixed(0),
      ]),
    ),
  ].join("\n");
}

/** Of the first six seeds. */
function foolingSection(fooling: readonly CostToFool[]): string {
  return [
    "\n## What it costs to fool Outpace\n",
    "Recall where each gamed week costs so many times the honest one, and the dollars a week that the strongest hides of those found less than half of the time.\n",
    table(
      ["tactic", ...STRENGTHS.map((strength) => `x${strength}`), "hidden a week", "effort"],
      fooling.map(({ tactic, recalls, hiddenUsd, effort }) => [
        tactic,
        ...recalls.map(figure),
        `$${hiddenUsd.toFixed(0)}`,
        effort,
      ]),
    ),
  ].join("\n");
}

function scenarioSection({ scenario, figures }: ScenarioResult): string {
  const rows = [...figures];
  return [
    `\n## ${scenario.name}: ${scenario.note}\n`,
    table(
      [
        "judge",
        "PR-AUC",
        "precision",
        "recall (95 %)",
        "$ recall",
        "FDR (95 %)",
        "weekly FDP",
        "weeks with alert",
        "days",
      ],
      rows.map(([name, of]) => [
        name,
        figure(of.prAuc),
        figure(of.precision),
        `${figure(of.recall)} (${figure(of.recallInterval.low)}–${figure(of.recallInterval.high)})`,
        figure(of.dollarRecall),
        `${figure(of.fdr)} (${figure(of.fdrInterval.low)}–${figure(of.fdrInterval.high)})`,
        figure(of.weeklyFdp),
        figure(of.weeksWithAlert),
        of.delayDays.toFixed(0),
      ]),
    ),
    "",
    table(
      [
        "judge",
        "flagged",
        "per 1,000 sessions",
        "false",
        "per owner-week",
        "false",
        "FPR",
        "easy, middle, hard tasks",
        "episodes found",
      ],
      rows.map(([name, of]) => [
        name,
        String(of.flagged),
        figure(of.alertsPerThousandSessions),
        figure(of.falsePerThousandSessions),
        figure(of.alertsPerOwnerWeek),
        figure(of.falsePerOwnerWeek),
        rate(of.falsePositiveRate),
        of.falsePositiveRateByTercile.map(rate).join(", "),
        figure(of.episodesFound),
      ]),
    ),
    tacticTable(rows),
  ].join("\n");
}

function tacticTable(rows: readonly (readonly [string, Performance])[]): string {
  const first = rows[0]?.[1].recallByTactic ?? {};
  const tactics = Object.entries(first);
  return tactics.length === 0
    ? ""
    : `\n${table(
        ["recall of", "weeks", "mean waste", ...rows.map(([name]) => name)],
        tactics.map(([tactic, { units, meanWasteUsd }]) => [
          tactic,
          String(units),
          `$${meanWasteUsd.toFixed(0)}`,
          ...rows.map(([, of]) => figure(of.recallByTactic[tactic]?.recall ?? 0)),
        ]),
      )}`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return `${[line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")}\n`;
}

export function figure(value: number): string {
  return Number.isNaN(value) ? "" : value.toFixed(Math.abs(value) < 0.1 ? 3 : 2);
}

function rate(value: number): string {
  return value.toFixed(4);
}
