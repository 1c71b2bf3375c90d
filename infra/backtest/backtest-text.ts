import { dollars } from "../../shared/money/nano-usd.ts";
import { table } from "../cli/command-line.ts";
import type { Backtest, BacktestResult } from "./backtest.ts";
import { type Flagged, flagged } from "./summary.ts";

/** What a backtest came to, for a person at a terminal. */
export function resultLines({ configured, whatIf }: Backtest): readonly string[] {
  const { summary, nights, learningNights } = configured;
  const learning =
    learningNights === 0
      ? []
      : [`${learningNights} of ${nights} nights had too little history to score anyone.`];
  const later = followUpLines(configured);
  if (whatIf === undefined) {
    return [
      ...table(["TYPE", "ALERTS", "USD", "EXCESS USD"], rowsOf(configured)),
      "",
      ...ownerLines(configured),
      "",
      ...later,
      ...learning,
    ];
  }
  const { both, onlyConfigured, onlyWhatIf } = whatIf.compared;
  const types = [
    ...new Set([summary, whatIf.summary].flatMap(({ byType }) => Object.keys(byType))),
  ];
  const none = flagged([]);
  return [
    ...table(
      ["TYPE", "CONFIGURED", "USD", "WHAT IF", "USD"],
      [
        ...types
          .sort()
          .map((type) => [
            type,
            ...cells(summary.byType[type] ?? none),
            ...cells(whatIf.summary.byType[type] ?? none),
          ]),
        ["all", ...cells(summary), ...cells(whatIf.summary)],
        [
          "in both",
          ...cells(flagged(both.map((pair) => pair.configured))),
          ...cells(flagged(both.map((pair) => pair.whatIf))),
        ],
        ["only there", ...cells(flagged(onlyConfigured)), ...cells(flagged(onlyWhatIf))],
      ],
    ),
    "",
    ...learning,
  ];
}

function rowsOf({ summary }: BacktestResult): readonly (readonly string[])[] {
  return [...Object.entries(summary.byType), ["all", summary] as const].map(([type, sum]) => [
    type,
    ...cells(sum),
    dollars(sum.excessNanoUsd),
  ]);
}

function cells({ alerts, costNanoUsd }: Flagged): readonly string[] {
  return [String(alerts), dollars(costNanoUsd)];
}

/** What became of alerts later, if anything did. */
function followUpLines({ followUps }: BacktestResult): readonly string[] {
  const resolved = followUps.filter(({ review }) => review?.verdict === "resolved").length;
  const raised = followUps.length - resolved;
  return followUps.length === 0
    ? []
    : [`Later ${resolved} were resolved by work that came, and ${raised} raised by work undone.`];
}

/** How often each owner would have heard. */
function ownerLines({ summary, nights }: BacktestResult): readonly string[] {
  const byOwner = Map.groupBy(summary.byOwnerWeek, ({ owner }) => owner);
  return table(
    ["OWNER", "ALERTS", "A WEEK", "MOST IN A WEEK"],
    [...byOwner.keys()].sort().map((owner) => {
      const counts = (byOwner.get(owner) ?? []).map(({ alerts }) => alerts);
      const all = counts.reduce((sum, count) => sum + count, 0);
      const aWeek = ((7 * all) / Math.max(nights, 1)).toFixed(1);
      return [owner, String(all), aWeek, String(Math.max(...counts))];
    }),
  );
}
