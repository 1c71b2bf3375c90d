import type { Template } from "aws-cdk-lib/assertions";
import { statementsOf } from "./outpace-template.ts";

/** What a function may do, as words in order: the action, the resource by a short name, and the keys it is limited to. */
export function grantsOf(template: Template, functionName: string): readonly string[] {
  return statementsOf(template, functionName)
    .flatMap(({ Action, Resource, Condition }) =>
      [Action].flat().flatMap((action) =>
        [Resource].flat().map((resource) => {
          const keys = Object.values(Condition ?? {}).flatMap((c) => c["dynamodb:LeadingKeys"]);
          return [action, nameOf(resource), ...keys].filter(Boolean).join(" ");
        }),
      ),
    )
    .sort();
}

/** `LedgerTable9343E4AA` is Ledger; `<bucket>/reports/*` keeps its prefix. */
function nameOf(resource: unknown): string {
  const text = JSON.stringify(resource);
  const known = [
    ["LedgerTable", "Ledger"],
    ["InsightsTable", "Insights"],
    ["DirectoryTable", "Directory"],
    ["PseudonymKey", "PseudonymKey"],
    ["AlertAnswersLinkSecret", "LinkSecret"],
    ["GithubWebhookSecret", "GithubWebhookSecret"],
    ["DropImportDrops", "Drops"],
    ["CostReports", "Reports"],
    ["ScheduledRunsFailedRuns", "FailedRuns"],
    ["FailedChanges", "FailedChanges"],
    ["FailedAlerts", "FailedAlerts"],
    ["DropImportQueue", "DropQueue"],
    ["AlertingEmail", "EmailTopic"],
    ["AlertingChat", "ChatTopic"],
    ["OperationsTopic", "OperationsTopic"],
    ["Key9BCD29C7", "Key"],
  ].find(([id = ""]) => text.includes(id));
  const path = /\/(?:[a-z]+\/)?\*/.exec(text)?.[0] ?? "";
  const stream = text.includes("StreamArn") ? ".stream" : "";
  return `${known?.[1] ?? text}${stream}${path}`;
}
