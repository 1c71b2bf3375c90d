import type { OperationsMessage } from "../alerts/operations-text.ts";
import { named } from "../alerts/phrase.ts";
import { dollars } from "../money/nano-usd.ts";
import type { Against } from "./reconcile.ts";
import type { ProviderGap, QuietSource } from "./silent-loss.ts";

const AGAINST: Readonly<Record<Against, string>> = {
  "person-report": "its report by person",
  usage: "its report of tokens",
  cost: "its report of costs",
  invoice: "the invoice",
};

export type SilentLoss = {
  readonly quiet: readonly QuietSource[];
  readonly gaps: readonly ProviderGap[];
};

/** What operators are told when spend may be missing; nothing if there is nothing to tell. */
export function silentLossText({ quiet, gaps }: SilentLoss): OperationsMessage | undefined {
  if (quiet.length + gaps.length === 0) {
    return undefined;
  }
  return {
    subject: "Outpace: spend may be missing",
    text: [
      ...(quiet.length > 0 ? ["SENT NOTHING FOR A DAY", ...quiet.map(quietLine), ""] : []),
      ...(gaps.length > 0 ? ["REPORTED, BUT NOT SEEN", ...gaps.map(gapLine), ""] : []),
      "Costs and alerts are too low until this is mended. What to do: docs/runbooks.md#spend-may-be-missing",
      "",
    ].join("\n"),
  };
}

function quietLine({ tool, lastDay }: QuietSource): string {
  return `- ${named(tool).name}: in use a week ago, last heard of on ${lastDay} (UTC).`;
}

function gapLine(gap: ProviderGap): string {
  const missing = dollars(gap.missingInTelemetryNanoUsd);
  const reported = dollars(gap.reportedNanoUsd);
  return `- ${named(gap.provider).name}, ${gap.period}: ${missing} of ${reported} in ${AGAINST[gap.against]} came by no telemetry.`;
}
