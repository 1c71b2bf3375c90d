import { table } from "../../infra/cli/command-line.ts";
import { orderStatistic } from "../support/order-statistic.ts";
import type { FuzzReport, TargetReport } from "./run-fuzz.ts";

const MEBIBYTE = 1024 * 1024;

/** What a run came to, for people. */
export function fuzzText({ targets, failures, peakRssBytes }: FuzzReport): string {
  const all = targets.flatMap(({ cpuMs }) => cpuMs);
  return [
    ...table(["parser", "bodies", "p50", "p99", "most ms", "answers"], targets.map(rowOf)),
    "",
    `${all.length} bodies, p99 of CPU ${milliseconds(orderStatistic(all, 0.99))} ms, ` +
      `peak RSS ${Math.round(peakRssBytes / MEBIBYTE)} MiB, failures: ${failures.length}`,
    ...failures.map(
      ({ target, body, faults }) => `\n${target}, body ${body}:\n  ${faults.join("\n  ")}`,
    ),
  ].join("\n");
}

function rowOf({ target, bodies, cpuMs, answers }: TargetReport): readonly string[] {
  const at = (ratio: number) => milliseconds(orderStatistic(cpuMs, ratio));
  const counted = [...answers].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    target,
    String(bodies),
    at(0.5),
    at(0.99),
    at(1),
    counted.map(([answer, count]) => `${answer}: ${count}`).join(", "),
  ];
}

function milliseconds(value: number): string {
  return value.toFixed(1);
}
