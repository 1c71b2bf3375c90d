import * as z from "zod";
import type { ScoredNight } from "../../functions/score-sessions/score-sessions.ts";
import type { Alert } from "../../shared/alerts/alert.ts";
import { emailText } from "../../shared/alerts/alert-email.ts";
import { explain } from "../../shared/alerts/explanation.ts";
import { periodOf } from "../../shared/alerts/unit-period.ts";
import { exactUsd } from "../../shared/money/nano-usd.ts";
import type { StoredSessionScore } from "../../shared/ports/session-scores.ts";

/** Amounts of evidence are named for their unit: in a file for people they are decimal USD. */
const AMOUNT = /NanoUsd$/;

/** What the deployed scoring stores of a session. */
const Judgement = z.looseObject({ kind: z.string() });

/** One line of `alerts.ndjson`. */
export function alertLine(alert: Alert): string {
  const { id, type, unit, team, owner, asOfMs, evidence, review } = alert;
  const { kind, ...about } = unit;
  const { costNanoUsd, expected, excessNanoUsd, p } = evidence;
  return jsonLine({
    id,
    type,
    unit: kind,
    ...about,
    ...periodOf(unit),
    team,
    owner,
    asOf: time(asOfMs),
    p,
    costNanoUsd,
    expectedNanoUsd: expected.medianNanoUsd,
    excessNanoUsd,
    evidence,
    ...(review !== undefined && { review }),
    explanation: emailText(explain(alert)),
  });
}

/** The lines of `scores.ndjson` about people's seven days, as of one night. */
export function windowLines({ summary, windows }: ScoredNight): readonly string[] {
  return windows.map((score) => {
    const { user, team, owner, window, costNanoUsd, credit, sessions, calls } = score.unit;
    const { from, to } = window;
    const { unit: _, kind, ...judgement } = score;
    return jsonLine({
      unit: "user-window",
      user,
      from,
      to,
      asOf: summary.asOf,
      score: kind,
      ...judgement,
      team,
      owner,
      costNanoUsd,
      credit,
      sessions,
      calls,
    });
  });
}

/** The line of `scores.ndjson` about a session: its last reading. */
export function sessionLine({ user, session, day, score }: StoredSessionScore): string {
  const [reading = "", ...rest] = score.split(" ");
  const { kind: _, ...judgement } = Judgement.parse(JSON.parse(rest.join(" ")));
  const [age, kind] = reading.split("-");
  return jsonLine({ unit: "session", user, session, day, age, score: kind, ...judgement });
}

/** JSON on one line, with amounts as decimal USD under the name that says so. */
export function jsonLine(value: object): string {
  return JSON.stringify(inUsd(value));
}

/** The same for a file that people open. */
export function jsonText(value: object): string {
  return `${JSON.stringify(inUsd(value), null, 2)}\n`;
}

function inUsd(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(inUsd);
  }
  if (typeof value === "bigint") {
    return exactUsd(value);
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(
        Object.entries(value).map(([name, each]) => [
          AMOUNT.test(name) ? name.replace(AMOUNT, "Usd") : name,
          AMOUNT.test(name) && typeof each === "string" ? exactUsd(BigInt(each)) : inUsd(each),
        ]),
      )
    : value;
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}
